"""Fuzzing: bundles damaged by a seeded hand, opened and asked everything that the page can ask."""
