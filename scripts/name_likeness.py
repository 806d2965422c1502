"""Make persrv/text/name_likeness.npz: how like the names of emoji are to their translations, by the default encoder.

    python scripts/name_likeness.py

Needed after a change of persrv/text/emoji_names.tsv or of the encoder; takes half a minute.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.models.sentence_encoder import default_name, load_sentence_encoder
from persrv.text.name_likeness import FILE, every_name, hash_of_names
from persrv.text.translation import translations


def main() -> None:
    """Write the file."""
    names = every_name()
    row_of = {name: row for row, name in enumerate(names)}
    vectors = load_sentence_encoder(default_name())(names)
    rows = [[row_of[other] for other, _ in translations(name)] for name in names]
    values = [np.clip(vectors[others] @ vectors[row], 0, 1) for row, others in enumerate(rows)]
    indptr = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    held = {"indptr": indptr, "values": np.concatenate(values).astype(np.float32)}
    np.savez_compressed(FILE, encoder=np.array(default_name()), names=np.array(hash_of_names()), **held)


if __name__ == "__main__":
    main()
