"""The scripts and texts that every tab uses: the store, stickers, people, the frame."""
