"""Fuzzing, seeded: damaged bundles, odd queries, odd payloads."""
