"""Paper material: the page's rankings as a figure with caption and alt text, and a whole experiment as a ZIP."""
