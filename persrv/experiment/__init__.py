"""Experiments: many queries ranked four ways, written as one ZIP that says how to repeat it."""
