"""The people whom the page shows: it has room for some faces, and a catalogue may know many thousands of people.

The others can be searched for as anybody (`?user=` in the address, `person` of the endpoints); the page only does not
offer them.
"""

from __future__ import annotations

from persrv.records import Person
from persrv.retriever import Retriever

#: People that a page offers, compares and ranks: the first of the bundle, which in an import are those who click most.
MOST_PEOPLE = 48


def shown_people(retriever: Retriever) -> tuple[Person, ...]:
    """The people whom the page shows, in the order of the bundle."""
    return retriever.people[:MOST_PEOPLE]
