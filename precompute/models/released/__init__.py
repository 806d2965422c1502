"""Released models: LLaVA-1.5, Chinese-CLIP, Opus-MT, loaded, tuned and run at their true sizes."""
