"""Make persrv/text/emoji_names.tsv: what each emoji is called in Chinese and English.

    npm pack cldr-annotations-full@48 cldr-annotations-derived-full@48   # and unpack both
    python scripts/emoji_names.py FOLDER_OF_THE_FIRST FOLDER_OF_THE_SECOND

From the annotations of Unicode CLDR (Unicode License V3, of which NOTICE has a copy): the short name
first, then the keywords. Emoji that the analyser takes for one (skin tones, genders) are one here; a flag is
called as its country ("flag: China").
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.text import emoji
from persrv.text.folding import normalise

TARGET = Path(__file__).resolve().parents[1] / "persrv/text/emoji_names.tsv"
LANGUAGES = ("zh", "en")

HEADER = """\
# An emoji, then its names in Chinese and in English, the short name first, with | between. By scripts/emoji_names.py
# from cldr-annotations-full and cldr-annotations-derived-full {version} (Unicode CLDR, (c) 2004-2026 Unicode, Inc.;
# Unicode License V3: NOTICE).
"""


def main() -> None:
    """Write the table."""
    folders = [Path(folder) for folder in sys.argv[1:]]
    names: dict[str, dict[str, list[str]]] = {}
    for folder in folders:
        for language in LANGUAGES:
            for found, called in _annotations(folder, language):
                own = names.setdefault(found, {each: [] for each in LANGUAGES})[language]
                own.extend(name for name in called if name not in own)
    lines = ["\t".join((found, *("|".join(own[each]) for each in LANGUAGES))) for found, own in sorted(names.items())]
    version = json.loads((folders[0] / "package.json").read_text("utf-8"))["version"]
    TARGET.write_text(HEADER.format(version=version) + "\n".join(lines) + "\n", "utf-8")


def _annotations(folder: Path, language: str) -> Iterator[tuple[str, list[str]]]:
    """(emoji as the analyser takes it, its names) of every emoji that is typed as it is taken."""
    (file,) = folder.glob(f"annotations*/{language}/annotations.json")
    content = next(iter(json.loads(file.read_text("utf-8")).values()))
    for typed, told in content["annotations"].items():
        if emoji.EMOJI.fullmatch(typed) and emoji.forms(normalise(typed))[0] == typed:
            yield typed, [name.lower().rpartition(": ")[2] for name in (*told.get("tts", []), *told["default"])]


if __name__ == "__main__":
    main()
