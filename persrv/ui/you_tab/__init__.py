"""Searching as oneself: a visitor's likes, kept in their browser, become a style for as long as a request takes."""
