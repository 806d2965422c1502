"""Arrays: products of a few rows with a large matrix, rows remembered by key, and rows that stay in their file."""
