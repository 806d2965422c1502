"""PerSRV offline: everything that is computed before the first query, written as one feature bundle."""
