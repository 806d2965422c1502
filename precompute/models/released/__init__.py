"""Released models: LLaVA-1.5, Chinese-CLIP and Opus-MT, loaded, fine-tuned and run at their true sizes."""
