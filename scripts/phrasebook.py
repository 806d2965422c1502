"""Renew the stored vectors of the phrasebook: python scripts/phrasebook.py

To be run after a change of persrv/text/phrasebook.tsv, or of the default sentence encoder; a test tells when.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.models import paraphrase
from persrv.models.sentence_encoder import default_name, load_sentence_encoder


def main() -> None:
    """Encode every way of the phrasebook, and store the vectors beside the code that reads them."""
    name = default_name()
    paraphrase.store(load_sentence_encoder(name), name)


if __name__ == "__main__":
    main()
