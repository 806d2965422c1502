"""Text: from what people type and stickers say to tokens."""
