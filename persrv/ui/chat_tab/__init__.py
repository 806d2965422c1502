"""Chat: two people write to each other, and stickers are offered as they type, in the style of who is writing."""
