"""The owner of a local bundle: tags, corrected texts, hidden and starred stickers, kept beside the bundle."""
