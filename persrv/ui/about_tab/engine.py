"""The engine that answers at this moment, as the evidence tab shows it."""

from __future__ import annotations

from persrv.ranking.recall_contract import RecallEngine
from persrv.ui.views import View


def engine_view(engine: RecallEngine, wanted: str) -> View:
    """answers: "local" (the index in this process), "milvus", or "stands_in" (the former, in place of the latter)."""
    stands_in = engine.name == "local" and wanted == "milvus"
    return {"answers": "stands_in" if stands_in else engine.name}
