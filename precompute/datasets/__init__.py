"""One dataset a module: validate, convert, count what was dropped."""
