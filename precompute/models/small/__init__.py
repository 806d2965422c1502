"""Small models trained from scratch on the drawn world: Chinese-CLIP and LLaVA by their real classes."""
