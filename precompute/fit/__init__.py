"""Fitting on clicks: the split, integrated queries, utility, styles, and the choice of settings."""
