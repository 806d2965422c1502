"""Insight into an open catalogue: case studies, captions, cold start, the audience, trust in the map, interleaving."""
