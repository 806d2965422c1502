"""The search page: one component, one server call a search, everything else in the browser."""
