"""Translation sentence by sentence: every distinct sentence once, batched, one JSON line each, resumable.

Translation models are trained on single sentences, and the descriptions of a catalogue share many sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from precompute.runtime.cache import read_lines
from precompute.runtime.progress import Report, silent

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_END = re.compile(r"(?<=[.!?;])\s+|\n+")


def is_foreign(text: str) -> bool:
    """Return whether a text has words and no Han character, so that Chinese queries cannot find it as it is."""
    return any(sign.isalpha() for sign in text) and not _HAN.search(text)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in their order.

    >>> sentences("A cat.  It is 1.5 years old; why?")
    ['A cat.', 'It is 1.5 years old;', 'why?']
    """
    return [part for part in map(str.strip, _END.split(text)) if part]


def translate_all(
    texts: Iterable[str],
    store: Path,
    translate: Callable[[Sequence[str]], list[str]],
    batch: int = 64,
    report: Report = silent,
) -> dict[str, str]:
    """Text -> its translation, for every foreign text. store: the file that holds the sentences translated by this
    model.

    Sentences of similar length share a batch, so that it needs little padding; ties by the sentence.
    """
    split = {text: sentences(text) for text in texts if is_foreign(text)}
    known = {row["from"]: row["to"] for row in read_lines(store)}
    wanted = {sentence for some in split.values() for sentence in some if is_foreign(sentence)}
    missing = sorted(wanted - known.keys(), key=lambda sentence: (len(sentence), sentence))
    done = len(wanted) - len(missing)
    report(done, len(wanted))
    with store.open("a", encoding="utf-8") as stream:
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            for sentence, said in zip(part, translate(part), strict=True):
                known[sentence] = said
                stream.write(json.dumps({"from": sentence, "to": said}, ensure_ascii=False) + "\n")
            stream.flush()
            done += len(part)
            report(done, len(wanted))
    return {text: " ".join(known.get(sentence, sentence) for sentence in some) for text, some in split.items()}
