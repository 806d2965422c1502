"""The paper's own figures (PerSRV, arXiv 2410.21801, Tables 3 to 6): shown beside ours, but of other data."""

from __future__ import annotations

from collections.abc import Mapping

_COLUMNS = ("M-MRR@1", "R@1", "M-MRR@5", "R@5", "M-MRR@10", "R@10", "M-MRR@20", "R@20")

_TABLE_3: Mapping[str, tuple[float, ...]] = {
    "Global Pop": (0.0, 0.0, 0.0009, 0.0006, 0.0013, 0.0012, 0.0015, 0.0024),
    "User Pop": (0.0011, 0.0011, 0.0022, 0.0015, 0.0025, 0.0027, 0.0028, 0.0037),
    "BM25 (queries)": (0.0097, 0.0097, 0.0418, 0.0364, 0.0494, 0.0535, 0.0494, 0.0535),
    "BM25 (+OCR)": (0.0852, 0.0852, 0.2414, 0.1804, 0.2682, 0.2269, 0.2772, 0.2726),
    "Base VLM captions": (0.0, 0.0, 0.0005, 0.0003, 0.0011, 0.0014, 0.0012, 0.0021),
    "CLIP-cn": (0.0021, 0.0021, 0.0072, 0.0060, 0.0078, 0.0087, 0.0087, 0.0123),
    "SRS": (0.0064, 0.0015, 0.0086, 0.0051, 0.0102, 0.0096, 0.0115, 0.0175),
    "PerSRV": (0.1014, 0.1014, 0.2673, 0.1889, 0.2938, 0.2326, 0.3020, 0.2736),
    "w/o personalization": (0.0885, 0.0885, 0.2451, 0.1777, 0.2722, 0.2265, 0.2814, 0.2740),
}

#: Method -> metric -> the paper's figure.
TABLE_3: Mapping[str, Mapping[str, float]] = {
    name: dict(zip(_COLUMNS, row, strict=True)) for name, row in _TABLE_3.items()
}

#: Keywords of which model -> group of stickers -> metric -> figure of Tables 4 and 5. BLEU of base: about 3e-10.
TABLES_4_5: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "base": {
        "all": {"BLEU": 0.0, "cosine": 0.3756},
        "without OCR text": {"BLEU": 0.0, "cosine": 0.3757},
        "with OCR text": {"BLEU": 0.0, "cosine": 0.3755},
    },
    "fine-tuned": {
        "all": {"BLEU": 0.3625, "cosine": 0.6863},
        "without OCR text": {"BLEU": 0.3829, "cosine": 0.6979},
        "with OCR text": {"BLEU": 0.3580, "cosine": 0.6837},
    },
}

#: Method -> seconds a query on the authors' machine (an A100).
TABLE_6: Mapping[str, float] = {"Base VLM captions": 0.0549, "CLIP-cn": 0.0914, "SRS": 0.1103, "PerSRV": 0.0541}
