"""Small models trained from scratch on the drawn world: Chinese-CLIP and LLaVA, in the classes of the released ones."""
