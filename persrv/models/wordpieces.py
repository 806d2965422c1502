"""Joining a language model's word pieces to the text that they spell."""

from __future__ import annotations

from collections.abc import Iterable

#: Marks a piece that continues the word before it, as in BERT's WordPiece.
INSIDE = "##"


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
