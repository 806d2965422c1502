"""Blind: two hidden rankings, interleaved; one picks what one would send, then sees whose it was."""
