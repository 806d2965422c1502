"""The feature bundle: one folder with everything search needs. This package owns writing, reading and checking it.

`layout` names every file, `tables` turns records into Arrow and back, `documents` knows the shape of its JSON, `shards`
keeps many pictures in few files, `indexing` makes the index, `checks` says what must hold, `writer` writes, `reader`
opens, `understanding` is how meanings and lexicon are kept, `amending` changes the evaluation, the index, the sends or
these of a written one, `edits` and `overlay` are what the owner of a local one says of its stickers, `verifier`
examines byte by byte, `replacing` lets no half of a bundle be seen, nor two writers at one.
docs/bundle.md describes the format for people.
"""

from persrv.bundle.amending import (
    amend_evaluation,
    amend_model,
    amend_sends,
    amend_styles,
    amend_understanding,
    is_evaluated,
    is_evaluation,
    reindex,
)
from persrv.bundle.edits import Edit, edits_path, read_edits, write_edits
from persrv.bundle.indexing import Bm25Parameters
from persrv.bundle.layout import FORMAT, SPLITS
from persrv.bundle.overlay import as_edited, with_edits
from persrv.bundle.reader import Bundle
from persrv.bundle.replacing import require_replaceable
from persrv.bundle.stored_tables import InteractionTable, StickerTable
from persrv.bundle.verifier import verify
from persrv.bundle.writer import BundleContents, write_bundle

__all__ = [
    "FORMAT",
    "SPLITS",
    "Bm25Parameters",
    "Bundle",
    "BundleContents",
    "Edit",
    "InteractionTable",
    "StickerTable",
    "amend_evaluation",
    "amend_model",
    "amend_sends",
    "amend_styles",
    "amend_understanding",
    "as_edited",
    "edits_path",
    "is_evaluated",
    "is_evaluation",
    "read_edits",
    "reindex",
    "require_replaceable",
    "verify",
    "with_edits",
    "write_bundle",
    "write_edits",
]
