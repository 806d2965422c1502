"""Visitors' own styles: a visitor's likes, kept in their browser, become a style for the time of a request."""
