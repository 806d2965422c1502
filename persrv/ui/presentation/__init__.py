"""Presentation: one query on the whole screen for a meeting, and a story of this bundle in a few steps"""
