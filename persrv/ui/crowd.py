"""Who is shown: a page has room for so many faces, and a catalogue may know many thousands of people.

The others are searched for as anybody (`?user=` in the address, `person` of the endpoints); they are only not offered.
"""

from __future__ import annotations

from persrv.records import Person
from persrv.retriever import Retriever

#: People that a page offers, compares and ranks: the first of the bundle, which in an import are those who click most.
MOST_PEOPLE = 48


def shown_people(retriever: Retriever) -> tuple[Person, ...]:
    """The people of the page, in the order of the bundle."""
    return retriever.people[:MOST_PEOPLE]
