"""Figures: who is drawn (characters), what they feel (faces), do (poses), hold (props), and which when (acting)."""

from precompute.demo.figure.drawing import draw_figure

__all__ = ["draw_figure"]
