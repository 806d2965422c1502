"""Renew what is derived from the phrasebook: python scripts/phrasebook.py

To be run after a change of persrv/text/phrasebook.tsv, slang.tsv or other_subjects.tsv, or of the default sentence
encoder; a test tells when. Stores the vectors, and the pinyin of the Chinese phrases.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.models import paraphrase
from persrv.models.sentence_encoder import default_name, load_sentence_encoder
from persrv.text import slang, typed_phrases
from persrv.text.phrasebook import phrasebook
from persrv.text.pinyin import spell, speller

#: Phrases that people may type in letters.
_PHRASE = re.compile("[\u4e00-\u9fff]{2,12}")


def main() -> None:
    """Encode every way of the phrasebook, spell the Chinese ones, and store both beside the code that reads them."""
    name = default_name()
    paraphrase.store(load_sentence_encoder(name), name)
    typed_phrases.TABLE.write_text(spelled(), encoding="utf-8")


def spelled() -> str:
    """The lines of the table: a phrase, a tab, its pinyin."""
    known = speller()
    said = dict.fromkeys([*(way for entry in phrasebook() for way in entry.ways), *slang.forms()])
    return "".join(f"{text}\t{spell(text, known)}\n" for text in said if _PHRASE.fullmatch(text))


if __name__ == "__main__":
    main()
