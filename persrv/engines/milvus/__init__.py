"""Recall by a Milvus server, for a catalogue that has outgrown one process (docs/scale.md)."""

from persrv.milvus.engine import MilvusEngine
from persrv.milvus.fallback import FallbackEngine, open_engine
from persrv.milvus.loading import Progress, load

__all__ = ["FallbackEngine", "MilvusEngine", "Progress", "load", "open_engine"]
