"""Make persrv/text/english_words.txt: common English words, the most frequent first.

    pip download --no-deps symspellpy==6.10.1   # and unpack the wheel
    python scripts/english_words.py symspellpy/frequency_dictionary_en_82_765.txt

From SymSpell's dictionary (MIT licence), which its author made of Google Books Ngrams (CC BY 3.0) and SCOWL.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "persrv/text/english_words.txt"

#: Rarer words are as likely slips of the finger.
MOST = 40_000

HEADER = """\
# Common English words, the most frequent first. scripts/english_words.py made it from the English dictionary of
# symspellpy 6.10.1 (MIT licence, (c) 2021 Wolf Garbe, (c) 2025 mmb L), which is made of Google Books Ngrams (CC BY 3.0)
# and SCOWL.
"""


def main() -> None:
    """Write the list."""
    lines = Path(sys.argv[1]).read_text("utf-8-sig").splitlines()
    counts = {word: int(count) for word, count in (line.split() for line in lines) if re.fullmatch("[a-z']+", word)}
    words = sorted(counts, key=lambda word: (-counts[word], word))[:MOST]
    TARGET.write_text(HEADER + "\n".join(words) + "\n", "utf-8")


if __name__ == "__main__":
    main()
