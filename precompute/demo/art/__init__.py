"""The eight art styles: how a drawn figure is outlined, filled, lettered and finished."""
