"""People in time and in places: whether taste that knows domain and day ranks better than taste that does not."""
