"""Running stages: the cache, batch stores, engines (processes or Ray), progress, checks before the start."""
