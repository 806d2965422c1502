"""All that clicks touch: the split, queries, utility, styles, and the choice of settings."""
