"""Interpretation of a typed query in one catalogue: its readings, their tokens, their likeness to texts.

`interpreter` answers for all of it; `reader` chooses the readings of what was typed, `plain_words` says them as most
people do, `drawings` knows what a picture would show of them, `refusals` what means nothing here. They rest on
`catalogue_words`, the words that stickers say, and on `catalogue_encoder`, which makes vectors as the stickers' were
made.
"""

from persrv.interpreter.catalogue_words import holds_all
from persrv.interpreter.interpreter import Interpreter

__all__ = ["Interpreter", "holds_all"]
