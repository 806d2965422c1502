"""Stages, one a module: each computes a column of the bundle, and none imports another."""
