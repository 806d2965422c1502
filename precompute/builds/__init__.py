"""Builds: the demo world, a folder of one's own stickers, and released models."""
