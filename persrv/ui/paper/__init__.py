"""For papers: what the page shows as a figure with caption and alt text, and a whole experiment as a ZIP."""
