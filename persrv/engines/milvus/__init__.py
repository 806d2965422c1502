"""Recall by a Milvus server, for a catalogue too large for one process (docs/scale.md)."""

from persrv.engines.milvus.engine import MilvusEngine
from persrv.engines.milvus.fallback import FallbackEngine, open_engine
from persrv.engines.milvus.loading import Progress, load

__all__ = ["FallbackEngine", "MilvusEngine", "Progress", "load", "open_engine"]
