"""What a typed query is taken to say and to mean in one catalogue: its readings, their tokens, their likeness to texts.

The leading reading is the one whose words the catalogue knows best, weighed by how sure the reading is. What emoji
stand for leads only where emoji alone were typed: a word is itself before it is a picture. A negated query is what is
said in its place, unless a sticker says the query itself. Words are searched for the leading reading only; meaning
counts the nearest of the readings that are kept beside it.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from persrv.arrays.remembered_rows import RememberedRows
from persrv.engines.mixed import EXHAUSTIVE
from persrv.engines.text_products import loops
from persrv.errors import ModelError
from persrv.models.intent import Intents
from persrv.models.paraphrase import Paraphrases
from persrv.models.sentence_encoder import SentenceEncoder, load_sentence_encoder
from persrv.query import Meant
from persrv.ranking import depiction, feedback, fusion
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.joint_postings import JointPostings, joint_postings
from persrv.ranking.meaning import MeaningIndex
from persrv.records import FIELDS, FloatArray, Likeness, Reading, SearchSettings
from persrv.sampling import evenly
from persrv.text import analyser, drawn_names, instructions
from persrv.text.content_words import content_words
from persrv.text.drawn_names import Drawn, Named
from persrv.text.emoji import EMOJI
from persrv.text.folding import has_han, normalise, simplified
from persrv.text.lexicon import Lexicon
from persrv.text.mixed_feelings import said_by
from persrv.text.name_likeness import NameLikeness, name_likeness
from persrv.text.nonsense import nonsense_strings
from persrv.text.phrasebook import is_part_of_another
from persrv.text.readings import readings

_LOG = logging.getLogger(__name__)

#: Readings in place of what was typed: where one of them leads, what was typed means nothing by itself, or something
#: else to an encoder.
_INSTEAD = frozenset(("pinyin", "initials", "spelling", "negation", "slang"))

#: Readings that stand beside what was typed, too, where they do not lead.
_BESIDE = frozenset(("slang",))

#: Readings that write out what was meant, by which plain words are found better than by what was typed.
_REWRITTEN = ("spelling", "slang", "pinyin", "initials")

#: Leading readings that say what was typed, in other letters at most: plain words are found for these.
_AS_TYPED = frozenset(("literal", "simplified", "drawn out", "translation", *_REWRITTEN))

#: Texts whose stored vectors are compared with the encoder's, which is faster with words that it has met; and how far a
#: number may be from it (float16 rounding stays far below).
_COMPARED = 256
_VECTOR_TOLERANCE = 5e-3

#: Queries whose readings are remembered, tokens whose holders are, and bytes of what they mean.
_REMEMBERED, _REMEMBERED_TOKENS, _REMEMBERED_BYTES = 2048, 1 << 16, 28 << 20

#: Strings of letters, and of Chinese characters, that stand for nonsense; the nearest ones that count; their seed.
_NONSENSE, _NEAREST_NONSENSE, _SEED = 75, 5, 77

#: The field of the words on a picture.
_PICTURE = FIELDS.index("ocr")

#: How much nearer than nonsense the nearest text must be for a query to mean anything.
_BEYOND_NONSENSE = 0.05

#: Likeness to nonsense from which a text is taken for some: what people write to each other stays below .34 in the demo
#: world's messages to learn from, and strings of letters lie above .38.
_IS_NONSENSE = 0.36

#: Texts whose vectors are remembered: readings and words of queries, and what negations are compared with.
_REMEMBERED_TEXTS = 4096


class Catalogue(Protocol):
    """What queries are interpreted by, such as a bundle: N stickers, the index of each field, meanings, lexicon."""

    @property
    def ids(self) -> Sequence[str]: ...
    @property
    def index(self) -> Mapping[str, FieldIndex]: ...
    @property
    def meaning(self) -> MeaningIndex | None: ...
    @property
    def lexicon(self) -> Lexicon | None: ...


class Interpreter:
    """Interprets queries for one catalogue. Thread-safe: only caches change."""

    def __init__(self, catalogue: Catalogue, encoder: SentenceEncoder | None = None) -> None:
        """encoder: in place of the one that the meanings name."""
        self._catalogue = catalogue
        self.problem = ""
        self._small = len(catalogue.ids) <= EXHAUSTIVE
        self._given = encoder is not None
        self._loaded = encoder or self._load()
        self._vectors = RememberedRows(self._encode, _REMEMBERED_TEXTS)
        self._read = lru_cache(_REMEMBERED)(self._readings)
        #: The tokens of a text.
        self.tokens = lru_cache(_REMEMBERED)(lambda text: tuple(analyser.analyse(text)))
        self._holders = lru_cache(_REMEMBERED_TOKENS)(self._count_holders)
        index = catalogue.meaning
        depicted = 5 * len(catalogue.ids) if self._small else 0  # how surely, and whether as much as any
        bytes_of_one = index.likeness_bytes + depicted if index is not None else 1
        self._meant = lru_cache(min(_REMEMBERED, _REMEMBERED_BYTES // bytes_of_one))(self._compute_meant)
        self._nonsense = lru_cache(_REMEMBERED)(self._compute_nonsense)
        self._of_other_subject = lru_cache(_REMEMBERED)(self._find_other_subject)
        self._depictable = lru_cache(_REMEMBERED)(self._find_depictable)
        self._described = lru_cache(_REMEMBERED)(self._find_described)

    @property
    def means(self) -> bool:
        """Whether meaning can be searched: the bundle holds vectors, and their encoder is here."""
        return self._encoder is not None

    @property
    def encoder(self) -> SentenceEncoder | None:
        """What encodes queries as the catalogue's texts are encoded; None where meaning cannot be searched."""
        return self._encoder

    def read(self, query: str, literal: bool = False) -> tuple[Reading, ...]:
        """The readings that count, the leading one first; only what was typed where `literal` is wanted."""
        return (Reading(query, "literal", 1.0),) if literal else self._read(query)

    def meant(self, read: Sequence[Reading], tokens: Sequence[str], settings: SearchSettings) -> Meant | None:
        """What the readings mean here, None for a search by words alone."""
        if not settings.meaning or self._encoder is None or self._catalogue.meaning is None:
            return None
        fields = tuple(name for name in FIELDS if settings.field_weights.get(name, 0.0) > 0)
        depiction_ = settings.depiction if self._small and "description" in fields else 0.0
        feedback_ = settings.feedback if self._small else 0.0
        return self._meant(tuple(read), tuple(tokens), fields, depiction_, feedback_)

    def _compute_meant(
        self, read: tuple[Reading, ...], tokens: tuple[str, ...], fields: tuple[str, ...], shown: float, fed_back: float
    ) -> Meant:
        """What the readings mean. shown, fed_back: the weights of depiction and of feedback."""
        index = self._catalogue.meaning
        assert index is not None
        said, named = _worded(read), self._depictable(read[0]) if shown else _Depictable()
        texts, weights = [reading.text for reading in said], [reading.weight for reading in said]
        ideal, depicted = self.ideal(tokens), None
        if named.words or named.seen:  # a small catalogue, whose texts are all looked at, once for all
            cosines = index.cosines(self._vectors([*texts, *named.words]))
            likeness = index.likeness(cosines[: len(said)], weights, fields)
            depicted = self._depictions.depicted(cosines[len(said) :], *named)
        else:
            likeness = index.score(self._vectors(texts), weights, fields, loops=loops())
        if depicted is not None:
            stickers = likeness.stickers + np.float32(shown) * depicted
            whole = self._depictions.whole(depicted) if named.seen else None
            likeness = likeness._replace(stickers=stickers, depicted=depicted, whole=whole)
        if fed_back:
            likeness = self._supported(likeness, tokens, ideal, fed_back)
        return Meant(likeness, ideal)

    def near(self, lead: Reading, meant: Meant) -> float:
        """How surely a text of the catalogue means the query, in [0, 1]: the likeness of the nearest text.

        0 where the query is of a subject that nobody sends stickers about, or where the nearest text is hardly nearer
        than to a nonsense query; otherwise 1 where the query names what descriptions show.
        """
        if _asks_nothing_else(lead) or self._of_other_subject(lead):
            return 0.0
        if meant.likeness.depicted is not None:
            return 1.0
        nearest = float(meant.likeness.texts.max(initial=0.0))
        return nearest if nearest and nearest >= self._nonsense(lead) + _BEYOND_NONSENSE else 0.0

    def expresses(self, text: str, near: bool) -> bool | None:
        """Whether a message expresses something that a sticker would say or answer, and does not inform; None where
        nothing tells, as without an encoder. What a sticker says word for word does.

        near: whether the catalogue answers it, so that it makes sense.
        """
        if self._encoder is None or self._intents is None or not any(map(str.isalnum, text)):
            return None
        plain = _plain(text)
        if self._says(text):
            return True
        if not near and self._nonsense(Reading(plain, "literal", 1.0)) >= _IS_NONSENSE:
            return False
        return self._intents.expresses(self._vectors([plain])[0])

    @cached_property
    def _intents(self) -> Intents | None:
        """What tells expressions from information; None where it was not fitted for this encoder."""
        return None if self._encoder is None else Intents.of(self._encoder.name)

    def _find_depictable(self, lead: Reading) -> _Depictable:
        """What a reading names that stickers may show; nothing of emoji, of what a sticker says word for word, and in a
        large catalogue.
        """
        if lead.kind == "emoji" or not self._small:
            return _Depictable()
        if names := self._described(lead.text):
            seen = [
                name.drawn
                for name in names
                if name.drawn.kind in drawn_names.SEEN and self._depictions.showing(name.drawn).any()
            ]
            like = [name for name in names if name.drawn not in seen]
            named = tuple(None if name.drawn.kind == "word" else name.drawn for name in like)
            return _Depictable(tuple(name.text for name in like), named, tuple(seen))
        words = () if self._says(lead.text) else content_words(_plain(lead.text))
        return _Depictable(words if len(words) <= depiction.MOST_WORDS else ())

    def _find_described(self, text: str) -> tuple[Named, ...]:
        """What a text describes (drawn_names.described); nothing in a large catalogue, and of what a sticker says."""
        names = drawn_names.described(_plain(text)) if self._small and self._catalogue.meaning is not None else ()
        if not names or not self._depictions.tells(names):
            return ()
        place = self._place(text)
        return names if place is None or self._depictions.only_shown(place) else ()

    def _supported(self, likeness: Likeness, tokens: Sequence[str], ideal: float, weight: float) -> Likeness:
        """The likeness with feedback from the first answers by words and meaning."""
        words = np.zeros(len(likeness.stickers))
        for name, scores in zip(self._catalogue.index, self._joint.scores(tokens), strict=True):
            words += feedback.FIELD_WEIGHTS[name] * scores
        first = fusion.relevance(words, ideal, likeness.stickers, feedback.MEANING)
        said = self._profiles.said(first)
        stickers = feedback.supported(likeness.stickers, self._profiles.likeness(said), weight)
        # whoever asks looks rows up, as in the array that it stands for
        return likeness._replace(stickers=stickers, support=cast(FloatArray, feedback.Support(self._profiles, said)))

    @cached_property
    def _joint(self) -> JointPostings:
        """The postings of all fields of a small catalogue."""
        return joint_postings(tuple(self._catalogue.index.values()))

    @cached_property
    def _depictions(self) -> depiction.Depictions:
        assert self._catalogue.meaning is not None
        return depiction.Depictions.of(self._catalogue.meaning)

    @cached_property
    def _profiles(self) -> feedback.Profiles:
        assert self._catalogue.meaning is not None
        return feedback.Profiles.of(self._catalogue.meaning)

    def ideal(self, tokens: Sequence[str]) -> float:
        """The unit of a query's BM25 (fusion.ideal)."""
        return fusion.ideal([self._holders(token) for token in tokens], len(self._catalogue.ids))

    def coverage(self, tokens: Sequence[str], held: Sequence[bool] | NDArray[np.bool_]) -> float:
        """The share of a query's tokens that a sticker holds, rare ones counting more (by idf), in [0, 1]."""
        said = [self._holders(token) for token in tokens]
        idf = fusion.positive_idf(np.asarray(said, np.int64), len(self._catalogue.ids))
        return float(idf[np.asarray(held, bool)].sum() / idf.sum()) if len(idf) else 0.0

    def said(self, lead: Reading, tokens: Sequence[str], held: Sequence[bool] | NDArray[np.bool_]) -> float:
        """The share of the leading reading that a sticker says, in [0, 1] (`coverage`). An emoji has several names, and
        the sticker needs to say only one of them.

        tokens: the distinct tokens of the reading; held: which of them the sticker holds.
        """
        if _asks_nothing_else(lead):
            return 0.0
        if lead.kind != "emoji":
            return self.coverage(tokens, held)
        holds = dict(zip(tokens, held, strict=True))
        names = [self.tokens(name) for name in lead.text.split()]
        # a mark between two emoji is a token where it stands alone, as in a name, and none beside words
        return max((self.coverage(name, [holds.get(token, False) for token in name]) for name in names), default=0.0)

    def _readings(self, query: str) -> tuple[Reading, ...]:
        """The readings of a query; where it is an instruction those of what it asks for, whose scores they give."""
        wanted = instructions.wanted(query)
        if wanted is None or self._holds_whole(query):
            return self._readings_of(query)
        read = self._readings_of(wanted)
        lead = read[0]._replace(kind="instruction") if read[0].text == wanted else read[0]
        return (lead, *(each for each in read[1:] if each.text != lead.text))

    def _holds_whole(self, query: str) -> bool:
        """Whether a sticker has every token of a query in one field, so that the query is what it says."""
        tokens = self.tokens(query)
        return any(holds_all(field, tokens) for field in self._catalogue.index.values())

    def _readings_of(self, query: str) -> tuple[Reading, ...]:
        lexicon = self._catalogue.lexicon
        if lexicon is None:
            return (Reading(query, "literal", 1.0),)
        if names := self._described(query):
            return self._readings_of_drawing(query, names)
        found = readings(query, lexicon) if self._encoder is None else readings(query, lexicon, self._alike)
        spoken = any(map(str.isalnum, query))
        said = self._says(query)
        found = tuple(each for each in found if each.kind != "negation" or not said)
        leading = [each for each in found if not (spoken and each.kind == "emoji")]
        for kind in () if said else ("slang", "negation"):
            instead = [each for each in found if each.kind == kind]
            if any(self._known(each.text) for each in instead):
                leading = instead
        lead = max(
            leading, key=lambda each: (each.weight * self._known(each.text), each.kind == "literal", each.weight)
        )
        beside = [
            each
            for each in found
            if each is not lead
            and (each.kind == lead.kind if lead.kind in _INSTEAD else each.kind not in _INSTEAD - _BESIDE)
        ]
        return self._with_plain_words(query, (lead, *beside))

    def _readings_of_drawing(self, query: str, names: Sequence[Named]) -> tuple[Reading, ...]:
        """The reading of a query that describes a drawing: as it is typed, since what it names is known in both
        languages; where no sticker shows some of that, what else it asks for.
        """
        lacking = self._depictions.lacking(names)
        if not lacking:
            folded = simplified(query)
            lead = Reading(folded, "literal" if folded == query else "simplified", 1.0)
            understood = all(name.drawn.kind != "word" for name in names)
            return (lead,) if understood else _led_by(lead, self._with_plain_words(query, (lead,)))
        kind = "undrawn style" if all(name.drawn.kind == "style" for name in lacking) else "undrawn"
        without = ", ".join(name.text for name in lacking)
        left = [name.text for name in names if name not in lacking]
        if all(name.drawn.kind == "colour" for name in names if name not in lacking):
            return (Reading(without, kind, 1.0, without),)
        text = (" " if left[0].isascii() else "").join(left)
        read = self._readings_of(text)
        lead = next((each for each in read if each.kind != "plain words"), read[0])
        return _led_by(lead._replace(kind=kind, without=without), [each for each in read if each is not lead])

    def _with_plain_words(self, query: str, read: tuple[Reading, ...]) -> tuple[Reading, ...]:
        """Some readings, and the query in plain words: not where the leading reading means something else than was
        typed, nor, unless the phrasebook has it word for word, where a sticker says it so. Plain words do not lead
        where all words of the query stand on a picture, unless they may be a part of something else.
        """
        if self._encoder is None:
            return read
        lead, soon = read[0], self._soon(query, read)
        text = lead.text if lead.kind in _REWRITTEN else _plain(query)
        exact = said_by(text)
        spoken = any(map(str.isalnum, query)) and not EMOJI.search(query)
        if not spoken or lead.kind not in _AS_TYPED or self._paraphrases is None or (self._says(query) and not exact):
            self._vectors(soon)
            return read
        found, leads = self._paraphrases.readings(self._vectors([text, *soon])[0], has_han(text), exact)
        known = {_plain(each.text) for each in read}
        found = tuple(each for each in _translated(found, _plain(text)) if each.text not in known)
        first = next((each for each in found[:2] if self._known(each.text) > 0), None)  # in either language
        leads = leads and first is not None
        if len(exact) > 1:  # two feelings: words of one would lead the other
            return (Reading(query, "literal", 1.0), *found)
        said = query if lead.kind == "slang" else lead.text  # what a sticker says in pinyin is said by it
        pictured = holds_all(self._catalogue.index["ocr"], self.tokens(said)) and not is_part_of_another(text)
        if not leads or pictured or (lead.kind == "translation" and not exact) or self._says(text, _PICTURE):
            return (*read, *found)
        assert first is not None
        return (first, *read, *(each for each in found if each is not first))

    def _soon(self, query: str, read: Sequence[Reading]) -> list[str]:
        """What the encoder is asked for next: readings, words that pictures may show and, where something else leads,
        what was typed, since that is a press away. One call encodes all of it: several texts take hardly longer than
        one.
        """
        texts = [*(each.text for each in _worded(read)), *self._depictable(read[0]).words]
        if self._small and read[0].text != query and any(map(str.isalnum, query)):
            texts += [query, *self._depictable(Reading(query, "literal", 1.0)).words]
        return texts

    @cached_property
    def _paraphrases(self) -> Paraphrases | None:
        """What tells plain words; None without an encoder."""
        if self._encoder is None:
            return None
        made = Paraphrases(self._encode, self._encoder.name)
        self._vectors.always |= made.plain_words
        # where plain words lead, they are asked for word by word: encoded here at once, and by no query
        words = {word: None for text in made.plain_words for word in content_words(text)} if self._small else {}
        if said := [word for word in words if word not in self._vectors.always]:
            self._vectors.always |= dict(zip(said, self._encode(said), strict=True))
        return made

    def _says(self, query: str, field: int | None = None) -> bool:
        """Whether a sticker says the query, word for word. field: the number of the field where it has to, or None."""
        index, place = self._catalogue.meaning, self._place(query)
        if index is None or place is None:
            return False
        return field is None or bool(((index.text == place) & (index.field == field)).any())

    def _place(self, query: str) -> int | None:
        """The number of the text that is the query, word for word; None where none is."""
        index, plain = self._catalogue.meaning, _plain(query)
        if index is None:
            return None
        place = bisect_left(index.texts, plain)
        return place if place < len(index.texts) and index.texts[place] == plain else None

    def _known(self, text: str) -> float:
        """The share of a text's tokens that the catalogue knows, rare ones counting more."""
        tokens = self.tokens(text)
        return self.coverage(tokens, [self._holders(token) > 0 for token in tokens])

    def _count_holders(self, token: str) -> int:
        """How many stickers hold a token in the field where most do."""
        if self._small:
            return self._joint.holders(token)
        return max(len(field.postings(token)[0]) for field in self._catalogue.index.values())

    def _compute_nonsense(self, lead: Reading) -> float:
        """The likeness of a reading to strings that mean nothing: the mean over the nearest; 0 for emoji and marks,
        which are no words. An encoder finds what it does not know near to other things that it does not know.
        """
        if lead.kind == "emoji" or EMOJI.search(lead.text) or not any(map(str.isalnum, lead.text)):
            return 0.0
        likeness = self._strings @ self._vectors([lead.text])[0]
        return float(np.sort(likeness)[-_NEAREST_NONSENSE:].mean())

    def _find_other_subject(self, lead: Reading) -> bool:
        """Whether a reading that says what was typed is of a subject that nobody sends stickers about, or nonsense;
        False where this catalogue knows all of its words.
        """
        if lead.kind not in _AS_TYPED or self._paraphrases is None or self._known(lead.text) == 1:
            return False
        return self._paraphrases.of_other_subject(self._vectors([lead.text])[0])

    @cached_property
    def _strings(self) -> FloatArray:
        """Unit rows of strings that mean nothing."""
        return self._encode(nonsense_strings(_NONSENSE, _SEED))

    def _alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Cosines of a text to some others, not below 0."""
        if not others:
            return []
        known = None if self._names is None else self._names.likeness(text, others)
        if known is not None:
            return known
        own, *rows = self._vectors([text, *others])
        return [max(0.0, float(own @ row)) for row in rows]

    @cached_property
    def _names(self) -> NameLikeness | None:
        """The likeness of names as this encoder finds it; None for another encoder."""
        names = name_likeness()
        return None if names is None or self._encoder is None or names.encoder != self._encoder.name else names

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit rows of some texts, in one call: several take hardly longer than one."""
        assert self._encoder is not None
        return self._encoder(texts)

    def _load(self) -> SentenceEncoder | None:
        index = self._catalogue.meaning
        if index is None:
            return None
        try:
            if index.problem is not None:
                raise index.problem
            encoder = load_sentence_encoder(index.encoder)
            if encoder.width != index.vectors.shape[1]:
                width = index.vectors.shape[1]
                raise ModelError(f"{encoder.name} makes vectors of {encoder.width}", f"{width}", "Reindex the bundle.")
            return encoder
        except ModelError as error:
            self._tell(error)
            return None

    @cached_property
    def _encoder(self) -> SentenceEncoder | None:
        """The encoder, once it has made the vectors of the bundle again: at first use, since it is slow then."""
        index = self._catalogue.meaning
        try:
            if self._loaded is not None and index is not None and not self._given:
                _require_same(self._loaded, index)
            return self._loaded
        except ModelError as error:
            self._tell(error)
            return None

    def _tell(self, error: ModelError) -> None:
        self.problem = str(error)
        _LOG.warning("Search is by words only. %s", error)


class _Depictable(NamedTuple):
    """What a query names that stickers may show: words, what each of them names (nothing for all, or None for one of no
    known name), and what is seen and needs no likeness.
    """

    words: tuple[str, ...] = ()
    names: tuple[Drawn | None, ...] = ()
    seen: tuple[Drawn, ...] = ()


def _worded(read: Sequence[Reading]) -> Sequence[Reading]:
    """The readings that an encoder can read: it knows no emoji, so their names stand for them where there are some."""
    return [reading for reading in read if any(map(str.isalnum, reading.text))] or read


def _led_by(lead: Reading, read: Sequence[Reading]) -> tuple[Reading, ...]:
    """Some readings in their order, after one that leads."""
    return (lead, *(each for each in read if each != lead))


def _translated(found: Sequence[Reading], typed: str) -> list[Reading]:
    """Plain words, two languages in turn; where those of one are what was typed, the other's are a translation."""
    pairs = zip(found[::2], found[1::2], strict=True)
    return [
        each
        for own, other in pairs
        for each in (own, other._replace(kind="translation") if own.text == typed else other)
    ]


def _asks_nothing_else(lead: Reading) -> bool:
    """Whether a query asks for nothing but what no sticker shows."""
    return lead.text == lead.without


def _plain(text: str) -> str:
    """A text as the catalogue's texts are kept."""
    return " ".join(normalise(text).split())


def holds_all(field: FieldIndex, tokens: Sequence[str]) -> bool:
    """Whether a sticker holds every one of some tokens in a field; False without any."""
    postings = sorted((field.postings(token)[0] for token in dict.fromkeys(tokens)), key=len)
    held = postings[0] if postings else field.rows[:0]
    for rows in postings[1:]:
        if not len(held):
            return False
        held = held[rows[np.minimum(np.searchsorted(rows, held), len(rows) - 1)] == held]
    return len(held) > 0


def _require_same(encoder: SentenceEncoder, index: MeaningIndex) -> None:
    """Raise a ModelError where an encoder does not make the vectors that a catalogue holds of its texts."""
    texts = evenly(index.texts, _COMPARED)
    held = np.asarray(index.vectors[evenly(range(len(index.texts)), _COMPARED)], np.float32)
    made = encoder(texts) if texts else held
    if made.shape != held.shape or not np.allclose(made, held, atol=_VECTOR_TOLERANCE):
        raise ModelError(
            f"{encoder.name} makes other vectors than this bundle holds", "those of its texts", "Rebuild the bundle."
        )
