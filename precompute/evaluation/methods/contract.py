"""The contract of a ranking method: every method of the tables implements it, so that all are measured alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from persrv.records import Text
from precompute.evaluation.world import World

#: Groups of the paper's Table 3 in its order: kind of a method -> the heading of its rows.
KINDS: Mapping[str, Text] = {
    "popularity": Text("popularity", "热门程度"),
    "text": Text("text", "文字"),
    "general VLM": Text("general VLM", "通用视觉语言模型"),
    "sticker ranking": Text("sticker ranking", "表情排序"),
    "ours": Text("ours", "我们的"),
    "ablation": Text("ablation", "消融"),
}

#: (user, query, k) -> at most k stickers, best first, as (id, score) pairs; fewer if fewer match.
Rank = Callable[[str, str, int], Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Method:
    """A method, which is a row of the tables. name: as the paper calls it; kind: a key of KINDS; note: what a reader
    must know.
    """

    name: str
    kind: str
    rank: Rank
    note: Text | None = None


#: World -> methods, fitted on nothing but the training part of its split.
Factory = Callable[[World], Sequence[Method]]


#: World -> a sentence on every method that cannot run on it.
LeftOut = Callable[[World], Sequence[Text]]
