"""The evidence: how a rank is made, and what was measured on this bundle."""
