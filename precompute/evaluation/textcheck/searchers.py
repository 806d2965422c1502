"""Searchers of StickerQueries: the shipped analyser, its alternatives, and all that was tried to beat it.

A searcher gets one draw and returns scores (N questions, N stickers). It learns from the draw's documents only, so a
sticker's held-out query is in nothing that is fitted. The same text at another sticker stays there, because somebody
typed it for that sticker.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from persrv.models.sentence_encoder import SentenceEncoder
from persrv.ranking import expansion, fusion
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.expansion import CHOSEN, Expansion, ExpansionSettings
from persrv.ranking.feedback import Profiles
from persrv.ranking.meaning import SHARPNESS, MeaningIndex
from persrv.records import FloatArray, Sticker
from persrv.text.analyser import analyse
from persrv.text.folding import normalise
from precompute.evaluation.textcheck import slang
from precompute.evaluation.textcheck.annotations import Draw
from precompute.fit.understanding import encoder_at_hand

Scores = NDArray[np.float64]
Analyser = Callable[[str], list[str]]

#: Weight of a second field, which holds what people typed in the other language.
OTHER_FIELD = 0.5

_PIECES = re.compile(r"[\u4e00-\u9fff]+|[^\W_\u4e00-\u9fff]+")


@dataclass(frozen=True, eq=False)
class Corpus:
    """One draw of held-out texts. other: what people typed for each sticker in the other language, without the held-out
    text.
    """

    draw: Draw
    other: tuple[tuple[str, ...], ...] = field(default=())

    @cached_property
    def documents(self) -> list[list[list[str]]]:
        """Sticker -> text -> its tokens, of the draw's documents."""
        return [[analyse(text) for text in texts] for texts in self.draw.documents]

    @cached_property
    def foreign(self) -> list[list[list[str]]]:
        return [[analyse(text) for text in texts] for texts in self.other]

    @cached_property
    def questions(self) -> list[list[str]]:
        """Tokens of each held-out query; empty for a sticker without one."""
        return [analyse(text or "") for text in self.draw.held]

    @cached_property
    def index(self) -> FieldIndex:
        return _index(self.documents)

    @cached_property
    def own_words(self) -> Scores:
        """BM25 of the shipped analyser."""
        return _scores(self.index, self.questions)

    @cached_property
    def ideals(self) -> Scores:
        """Unit (N, 1) of each question's BM25 (persrv.ranking.fusion)."""
        holders = np.diff(self.index.indptr)
        columns = self.index.columns
        said = [[int(holders[columns[each]]) if each in columns else 0 for each in tokens] for tokens in self.questions]
        return np.array([fusion.ideal(counts, self.index.size) for counts in said])[:, None]

    @cached_property
    def meaning(self) -> MeaningIndex:
        """The meanings of the draw's documents."""
        return _meanings(self.draw.documents)

    @cached_property
    def meaning_of_both(self) -> MeaningIndex:
        """The meanings of what people typed in either language: an encoder knows both."""
        return _meanings([(*own, *other) for own, other in zip(self.draw.documents, self.other, strict=True)])

    def likeness(self, meaning: MeaningIndex, sharpness: float) -> Scores:
        """Likeness in meaning (N, N) of every sticker to every question, 0 where there is none."""
        asked = _encoded([text or "" for text in self.draw.held])
        return np.stack([meaning.score(row[None], [1.0], sharpness=sharpness).stickers for row in asked]).astype(float)

    @cached_property
    def kin(self) -> Expansion:
        return Expansion.learn(self.documents)

    @cached_property
    def kin_of_both(self) -> Expansion:
        """Expansions learned from both languages: all texts of a sticker belong together, whatever their language."""
        return Expansion.learn([own + other for own, other in zip(self.documents, self.foreign, strict=True)])


#: One draw -> scores of every question (rows) and sticker (columns); not above 0 is not found.
Searcher = Callable[[Corpus], Scores]


def _index(documents: Sequence[Sequence[Sequence[str]]]) -> FieldIndex:
    return FieldIndex.build([[token for tokens in texts for token in tokens] for texts in documents])


def _scores(index: FieldIndex, questions: Sequence[Sequence[str]]) -> Scores:
    return np.stack([index.scores(tokens) for tokens in questions]).astype(float)


# ---- analysers ------------------------------------------------------------------------------------------------------


def _pieces(text: str, split: Callable[[str], Sequence[str]]) -> list[str]:
    """Tokens of a text: runs of Han characters by `split`, other words whole."""
    runs = _PIECES.findall(normalise(text))
    return [token for run in runs for token in (split(run) if "\u4e00" <= run[0] <= "\u9fff" else [run])]


def _jieba(text: str) -> list[str]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return _pieces(text, lambda run: list(jieba.cut_for_search(run)))


def _characters_and_pairs(text: str) -> list[str]:
    return _pieces(text, lambda run: [*run, *(a + b for a, b in pairwise(run))])


def _with_letter_pieces(text: str) -> list[str]:
    """The shipped analyser's tokens, with letter triples and quadruples of Latin words."""
    tokens = analyse(text)
    marked = [f"<{token}>" for token in tokens if token.isascii() and token.isalpha()]
    return tokens + ["#" + w[at : at + n] for w in marked for n in (3, 4) for at in range(len(w) - n + 1)]


def analysed(analyser: Analyser) -> Searcher:
    """BM25 of an analyser's tokens."""

    def search(corpus: Corpus) -> Scores:
        index = _index([[analyser(text) for text in texts] for texts in corpus.draw.documents])
        return _scores(index, [analyser(text or "") for text in corpus.draw.held])

    return search


# ---- more than the query's own words --------------------------------------------------------------------------------


def expanded(settings: ExpansionSettings) -> Searcher:
    """BM25 of the query expanded by persrv.ranking.expansion."""

    def search(corpus: Corpus) -> Scores:
        weighted = [corpus.kin.expand(tokens, settings) for tokens in corpus.questions]
        return np.stack([expansion.scores(corpus.index, weights) for weights in weighted]).astype(float)

    return search


def both_languages(settings: ExpansionSettings) -> Searcher:
    """`expanded`, with a second field that holds what people typed in the other language."""

    def search(corpus: Corpus) -> Scores:
        weighted = [corpus.kin_of_both.expand(tokens, settings) for tokens in corpus.questions]
        fields = ((corpus.index, 1.0), (_index(corpus.foreign), OTHER_FIELD))
        parts = [weight * np.stack([expansion.scores(index, w) for w in weighted]) for index, weight in fields]
        return np.asarray(sum(parts), float)

    return search


def by_slang_list(weight: float) -> Searcher:
    """BM25 of the query and the synonyms of slang.GROUPS, which were written by hand without the data."""
    groups = [[frozenset(analyse(word)) for word in line.split()] for line in slang.GROUPS]

    def more(tokens: Sequence[str]) -> dict[str, float]:
        said = frozenset(tokens)
        near = [word for group in groups if any(w and w <= said for w in group) for word in group if not word <= said]
        weights = {token: weight / len(word) for word in sorted(near, key=len, reverse=True) for token in word}
        return {token: value for token, value in weights.items() if token not in said}

    def search(corpus: Corpus) -> Scores:
        extra = [expansion.scores(corpus.index, more(tokens)) for tokens in corpus.questions]
        return corpus.own_words + np.stack(extra)

    return search


def added(first: Searcher, second: Searcher) -> Searcher:
    """The scores of both searchers added, counting the query's own words once."""
    return lambda corpus: first(corpus) + second(corpus) - corpus.own_words


def by_feedback(stickers: int, words: int, weight: float) -> Searcher:
    """RM3 (Lavrenko and Croft 2001): also search words of the best stickers, weighted by these stickers' scores."""

    def search(corpus: Corpus) -> Scores:
        found = corpus.own_words
        worst = np.partition(found, -stickers, axis=1)[:, -stickers, None]
        best = np.where((found >= worst) & (found > 0), found, 0.0)
        best /= np.maximum(best.sum(1, keepdims=True), 1e-9)
        table, impacts = _tables(corpus)
        model = best @ table
        model[model < np.partition(model, -words, axis=1)[:, -words, None]] = 0.0
        return found + weight * model @ impacts.T

    return search


def by_meaning(dimensions: int) -> Searcher:
    """Latent semantic analysis of tf-idf (Deerwester et al. 1990): its cosine plus BM25, both z-scored."""

    def search(corpus: Corpus) -> Scores:
        table, _ = _tables(corpus)
        questions = np.zeros((len(corpus.questions), table.shape[1]))
        for row, tokens in enumerate(corpus.questions):
            for token in tokens:
                if token in corpus.index.columns:
                    questions[row, corpus.index.columns[token]] += 1
        asked = questions.sum(1, keepdims=True) > 0
        questions = _tf_idf(questions, corpus)
        values, vectors = np.linalg.eigh(table @ table.T)
        squares = np.maximum(values[-dimensions:], 1e-9)  # of the largest singular values
        axes = table.T @ vectors[:, -dimensions:] * squares**-0.25  # right singular vectors x root of their values
        cosines = _unit(questions @ axes) @ _unit(table @ axes).T
        together = _standard(cosines) + _standard(corpus.own_words)
        return np.where(asked, together - together.min(1, keepdims=True) + 1.0, 0.0)

    return search


class Sentences(NamedTuple):
    """Weights of the likeness of sentences beside words.

    meaning: its weight in [0, 1]; feedback: the weight of what the first answers say; first: the weight of meaning
    where it is decided which answers come first, None for `meaning`; sharpness: of the soft maximum over a sticker's
    texts (persrv.ranking.meaning).
    """

    meaning: float
    feedback: float = 0.0
    first: float | None = None
    sharpness: float = SHARPNESS


def with_sentences(words: Searcher, sentences: Sentences, both_languages: bool = False) -> Searcher:
    """A searcher's words in units of the query's ideal, mixed with likeness of sentences, as a search mixes both
    (persrv.ranking.fusion), and that with what the first answers say (persrv.ranking.feedback).

    both_languages: whether what people typed in the other language counts, too.
    """

    def search(corpus: Corpus) -> Scores:
        index = corpus.meaning_of_both if both_languages else corpus.meaning
        said, likeness = words(corpus) / corpus.ideals, corpus.likeness(index, sentences.sharpness)
        scores = _mixed(said, likeness, sentences.meaning)
        if sentences.feedback:
            first = scores if sentences.first is None else _mixed(said, likeness, sentences.first)
            profiles = Profiles.of(index)
            support = np.stack([profiles.support(row) for row in first])
            scores = scores + sentences.meaning * sentences.feedback * support
        return np.asarray(scores)

    return search


def _mixed(words: Scores, likeness: Scores, meaning: float) -> Scores:
    return np.asarray((1 - meaning) * words + meaning * likeness)


def _meanings(documents: Sequence[Sequence[str]]) -> MeaningIndex:
    """The meanings of stickers that say these texts (N)."""
    empty = Sticker("", "", 0, 0, False, "", {}, "", (), "", "", "", "", ())
    index = MeaningIndex.gather([replace(empty, queries=tuple(texts)) for texts in documents])
    return replace(index, vectors=_encoded(index.texts))


def _encoded(texts: Sequence[str]) -> FloatArray:
    """Unit rows of texts; zeros where no encoder is here. A text is encoded once, whatever draw it is in."""
    encoder = _encoder()
    if encoder is None:
        return np.zeros((len(texts), 1), np.float32)
    new = [text for text in dict.fromkeys(texts) if text not in _ROWS]
    _ROWS.update(zip(new, encoder(new), strict=True))
    return np.stack([_ROWS[text] for text in texts])


@cache
def _encoder() -> SentenceEncoder | None:
    return encoder_at_hand()


def _tables(corpus: Corpus) -> tuple[Scores, Scores]:
    """(N, V) tf-idf with unit rows, and (N, V) BM25 impacts, of every sticker."""
    index = corpus.index
    counts, impacts = np.zeros((index.size, len(index.columns))), np.zeros((index.size, len(index.columns)))
    for row, texts in enumerate(corpus.documents):
        for tokens in texts:
            for token in tokens:
                counts[row, index.columns[token]] += 1
    for column in index.columns.values():
        part = slice(index.indptr[column], index.indptr[column + 1])
        impacts[index.rows[part], column] = index.impacts[part]
    return _tf_idf(counts, corpus), impacts


def _tf_idf(counts: Scores, corpus: Corpus) -> Scores:
    holders = np.diff(corpus.index.indptr)
    return _unit(np.log1p(counts) * np.log((corpus.index.size + 1) / (holders + 0.5)))


def _unit(rows: Scores) -> Scores:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def _standard(scores: Scores) -> Scores:
    spread = scores.std(1, keepdims=True)
    return np.asarray((scores - scores.mean(1, keepdims=True)) / np.where(spread > 0, spread, 1.0))


# ---- all of them ----------------------------------------------------------------------------------------------------

#: Weights of sentences, and of words of both languages, chosen on the choosing half of the stickers.
PLAIN, FED_BACK = Sentences(0.2), Sentences(0.2, 0.6)
OF_BOTH, WORDS_OF_BOTH = Sentences(0.5, 0.4, first=0.8, sharpness=45.0), ExpansionSettings(used=1.0, spelled=1.0)

#: Rows of texts that were encoded.
_ROWS: dict[str, FloatArray] = {}

#: The searcher that all others are compared with, and the one that is shipped as the expansion of queries.
SHIPPED, OURS = "shipped analyser", "spelled and used alike"

SEARCHERS: Mapping[str, Searcher] = {
    "jieba search words": analysed(_jieba),
    "characters + pairs": analysed(_characters_and_pairs),
    SHIPPED: lambda corpus: corpus.own_words,
    "+ letter triples and quadruples": analysed(_with_letter_pieces),
    "+ hand-written slang": by_slang_list(0.3),
    "+ LSA, 64 dimensions": by_meaning(64),
    "+ RM3 feedback": by_feedback(10, 20, 3.0),
    "+ words spelled alike": expanded(ExpansionSettings(spelled=CHOSEN.spelled)),
    "+ words used alike": expanded(ExpansionSettings(used=CHOSEN.used)),
    OURS: expanded(CHOSEN),
    f"{OURS}, hand-written slang": added(expanded(CHOSEN), by_slang_list(0.3)),
    "+ meaning": with_sentences(lambda corpus: corpus.own_words, PLAIN),
    f"{OURS}, meaning": with_sentences(expanded(CHOSEN), PLAIN),
    f"{OURS}, meaning, feedback": with_sentences(expanded(CHOSEN), FED_BACK),
}

#: Searchers that also use the other language's annotations: comparable with each other, not with SEARCHERS.
TWO_LANGUAGES: Mapping[str, Searcher] = {
    "both languages, own words": both_languages(expansion.OFF),
    "both languages, spelled and used alike": both_languages(CHOSEN),
    "both languages, spelled and used alike, meaning, feedback": with_sentences(
        both_languages(WORDS_OF_BOTH), OF_BOTH, both_languages=True
    ),
}

#: Chinese names of the searchers.
NAMES: Mapping[str, str] = {
    "jieba search words": "jieba 搜索分词",
    "characters + pairs": "单字 + 双字",
    SHIPPED: "现用的分词",
    "+ letter triples and quadruples": "+ 三字母和四字母片段",
    "+ hand-written slang": "+ 手写的俚语表",
    "+ LSA, 64 dimensions": "+ LSA，64 维",
    "+ RM3 feedback": "+ RM3 反馈",
    "+ words spelled alike": "+ 写法相近的词",
    "+ words used alike": "+ 用法相近的词",
    OURS: "写法和用法相近的词",
    f"{OURS}, hand-written slang": "写法和用法相近的词，手写的俚语表",
    "+ meaning": "+ 意思",
    f"{OURS}, meaning": "写法和用法相近的词，意思",
    f"{OURS}, meaning, feedback": "写法和用法相近的词，意思，反馈",
    "both languages, own words": "两种语言，只用查询自己的词",
    "both languages, spelled and used alike": "两种语言，写法和用法相近的词",
    "both languages, spelled and used alike, meaning, feedback": "两种语言，写法和用法相近的词，意思，反馈",
}
