"""The style map: every sticker as a point, a person's clusters on top."""
