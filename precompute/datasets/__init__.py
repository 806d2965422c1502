"""Datasets, one a module: each validates, converts, and counts what it leaves out."""
