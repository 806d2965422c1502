"""Fit again what tells expressions from information: python scripts/intents.py

To be run after a change of persrv/models/intents.tsv, or of the default sentence encoder; a test tells when. Prints the
shares told rightly of the demo world's messages to learn from, on which RIDGE and LEAST of persrv.models.intent were
chosen; none of them is in the fit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.models import intent
from persrv.models.sentence_encoder import default_name, load_sentence_encoder
from precompute.demo.asking import ERRANDS
from precompute.demo.messages import LANGUAGES, messages_of, situations, small_talk


def main() -> None:
    """Fit, store, and print the shares."""
    name = default_name()
    encode = load_sentence_encoder(name)
    intents = intent.store(encode, name)
    for kind, wanted, texts in _to_choose_by():
        right = [intents.expresses(vector) == wanted for vector in encode(texts)]
        sys.stdout.write(f"{kind}: {sum(right) / len(right):.3f} of {len(right)}\n")


def _to_choose_by() -> Iterator[tuple[str, bool, list[str]]]:
    """Kind, whether a sticker is wanted, and messages."""
    yield "cues", True, [text for name in situations() for each in LANGUAGES for text in messages_of(name, each).learnt]
    yield "small talk", False, [text for each in LANGUAGES for text in small_talk(each, held=False)]
    yield "errands", False, [text for each in LANGUAGES for text in ERRANDS[False, each]]


if __name__ == "__main__":
    main()
