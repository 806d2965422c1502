"""Word pieces: the tokenizers of the small encoders and language models, and joining pieces to the text they spell."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from persrv.errors import ModelError

#: Marks a piece that continues the word before it, as in BERT's WordPiece.
INSIDE = "##"

#: BERT gives up on a word longer than this.
MAX_WORD = 100

_REBUILD = "Rebuild the bundle with `make bundle`, so that it holds its models."
_REBUILD_CAPTIONER = "Rebuild the bundle with `make bundle`, so that it holds its captioner."


# ---- text to pieces -------------------------------------------------------------------------------------------------


class WordPiece:
    """BERT's uncased tokenizer: clean, split Han characters, lower case without accents, split at punctuation, then
    the longest pieces of the vocabulary from the left, those inside a word marked with ##. Equal to transformers'
    BertTokenizer (tested), in a few lines of Python.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.vocabulary: Mapping[str, int] = {token: number for number, token in enumerate(tokens)}
        missing = [name for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]") if name not in self.vocabulary]
        if missing:
            raise ModelError(f"The vocabulary lacks {missing[0]}", "BERT's special tokens", _REBUILD)
        if len(self.vocabulary) < len(tokens) or "" in self.vocabulary:
            raise ModelError("The vocabulary has empty or repeated lines", "distinct tokens, one a line", _REBUILD)

    @classmethod
    def read(cls, path: Path) -> WordPiece:
        """Read a vocabulary file: one token a line, its line number is its id."""
        return cls(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))

    def encode(self, text: str, max_length: int) -> list[int]:
        """Token ids of [CLS] pieces [SEP], cut to `max_length`, without padding."""
        pieces = [piece for word in split_words(text) for piece in self.pieces(word)]
        tokens = ["[CLS]", *pieces[: max_length - 2], "[SEP]"]
        return [self.vocabulary[token] for token in tokens]

    def pieces(self, word: str) -> list[str]:
        """Split a word greedily into the longest pieces from the left; [UNK] where no piece covers a part."""
        if len(word) > MAX_WORD:
            return ["[UNK]"]
        found, start = [], 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.vocabulary), None)
            if end is None:
                return ["[UNK]"]
            found.append(mark + word[start:end])
            start = end
        return found


def split_words(text: str) -> list[str]:
    """Split a text into words as BERT's uncased basic tokenizer does."""
    cleaned = "".join(_clean(character) for character in text)
    stripped = "".join(c for c in unicodedata.normalize("NFD", cleaned) if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if _is_punctuation(c) else c for c in stripped.lower()).split()


def _clean(character: str) -> str:
    """Drop control characters, turn white space into a blank, and set a Han character between blanks."""
    code = ord(character)
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return " "
    if code in (0, 0xFFFD) or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    return f" {character} " if _is_han(code) else character


_HAN = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def _is_han(code: int) -> bool:
    """Return whether BERT's tokenizer takes the code point for a Han character."""
    return any(first <= code <= last for first, last in _HAN)


def _is_punctuation(character: str) -> bool:
    """Return whether a character is Unicode punctuation, or ASCII but neither letter, digit nor blank."""
    code = ord(character)
    ascii_sign = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_sign or unicodedata.category(character).startswith("P")


class Pieces:
    """The tokenizer: splits words as BERT does, then the longest pieces from the left, "##x" inside a word. A word with
    a part that no piece covers is unknown as a whole. Special pieces are never read from a text.
    """

    def __init__(self, pieces: Sequence[str], unk: int) -> None:
        self._pieces = tuple(pieces)
        self._ids: Mapping[str, int] = {piece: number for number, piece in enumerate(pieces)}
        self._unk = unk

    @classmethod
    def read(cls, path: Path, unk: int) -> Pieces:
        """Read a vocabulary file: one piece a line, its line number is its id."""
        try:
            pieces = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{path} cannot be read: {error}", "pieces in UTF-8, one a line", _REBUILD_CAPTIONER
            ) from error
        if "" in pieces or len(set(pieces)) < len(pieces):
            raise ModelError(f"{path} has empty or repeated lines", "distinct pieces, one a line", _REBUILD_CAPTIONER)
        return cls(pieces, unk)

    def __len__(self) -> int:
        return len(self._pieces)

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without any frame."""
        return [number for word in split_words(text) for number in self._word(word)]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, without special pieces."""
        return join_pieces(piece for piece in (self._pieces[number] for number in ids) if not _is_special(piece))

    def _word(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word) <= MAX_WORD:
            mark = INSIDE if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._ids), None)
            if end is None:
                return [self._unk]
            found.append(self._ids[mark + word[start:end]])
            start = end
        return found or [self._unk]


def _is_special(piece: str) -> bool:
    return len(piece) > 2 and piece.startswith("<") and piece.endswith(">")


# ---- pieces to text -------------------------------------------------------------------------------------------------


def join_pieces(pieces: Iterable[str]) -> str:
    """Join pieces to one text: "##x" is glued to the piece before it, and a blank stands only between two Latin words
    or numbers that would otherwise grow together. ["哈", "so", "fun", "##ny", "，", "ok"] -> "哈so funny，ok".
    """
    text = ""
    for piece in pieces:
        if piece.startswith(INSIDE) and len(piece) > len(INSIDE):
            text += piece[len(INSIDE) :]
        else:
            text += f" {piece}" if _latin(text[-1:]) and _latin(piece[:1]) else piece
    return text


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
