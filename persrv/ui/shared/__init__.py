"""What every tab uses: the store, stickers, people, the frame."""
