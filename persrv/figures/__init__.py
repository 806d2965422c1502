"""Figures: rankings drawn for a paper, with stickers, places and movements, as SVG and as PDF."""
