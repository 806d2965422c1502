"""Blind: two hidden rankings, interleaved; a visitor picks a sticker, then sees which ranking it came from."""
