"""PerSRV offline: everything that is computed before the first query, written as one feature bundle."""

import persrv  # noqa: F401  it silences libraries that would report to their makers
