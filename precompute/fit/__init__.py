"""What clicks teach: the split, integrated queries, utility, styles, and the choice of settings."""
