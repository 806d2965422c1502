"""jieba's dictionary, read in another way and kept in a file: entry by entry the same, so that the tokens are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import jieba
import pytest

from persrv.text import analyser, jieba_dictionary
from persrv.text.jieba_dictionary import StoredFrequencies, cache_folder, prefix_dictionary

SMALL = "晚安 5 v\n晚安好梦 3 l\n好 7 a\n晚安 6 v\n".encode()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "persrv"


@pytest.fixture(scope="module")
def jiebas() -> tuple[dict[str, int], int, bytes]:
    """The dictionary's frequencies and their sum as jieba computes them, and the dictionary."""
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        dictionary = file.read()
    return (*tokenizer.gen_pfdict(tokenizer.get_dict_file()), dictionary)


def test_by_hand() -> None:
    assert prefix_dictionary(SMALL.decode()) == ({"晚安": 6, "晚安好梦": 3, "好": 7, "晚": 0, "晚安好": 0}, 21)


@pytest.mark.slow
def test_read_and_stored_they_are_jiebas(cache: Path, jiebas: tuple[dict[str, int], int, bytes]) -> None:
    table, total, dictionary = jiebas
    read, read_total = jieba_dictionary.frequencies(dictionary)
    assert isinstance(read, dict)
    assert (read, read_total) == (table, total)
    stored, stored_total = jieba_dictionary.frequencies(dictionary)
    assert isinstance(stored, StoredFrequencies)
    assert stored_total == total
    assert list(stored) == sorted(table)
    words = list(table)[::97]
    assert [stored[word] for word in words] == [table[word] for word in words]
    assert [stored.get(word) for word in words] == [table[word] for word in words]
    assert stored.get("没有这个词") is None
    assert stored.get("没有这个词", 4) == 4
    assert "没有这个词" not in stored
    assert [path.name[:6] for path in cache.iterdir()] == ["jieba-"], "nothing half-written stays"


@pytest.mark.slow
def test_the_tokens_of_a_stored_dictionary_are_the_same(cache: Path, jiebas: tuple[dict[str, int], int, bytes]) -> None:
    table, total, dictionary = jiebas
    jieba_dictionary.frequencies(dictionary)
    with_dict, with_stored = jieba.Tokenizer(), jieba.Tokenizer()
    with_dict.FREQ, with_dict.total, with_dict.initialized = table, total, True
    with_stored.FREQ, with_stored.total = jieba_dictionary.frequencies(dictionary)
    with_stored.initialized = True
    words = sorted(table)[::331]
    for first, second, third in zip(words, reversed(words), words[7:], strict=False):
        run = f"{first}{second}{third}"
        assert list(with_stored.cut_for_search(run)) == list(with_dict.cut_for_search(run)), run


@pytest.mark.parametrize("damage", ["cut", "gone", "other", "empty", "header"])
def test_what_lies_there_damaged_is_not_used(cache: Path, damage: str) -> None:
    expected = jieba_dictionary.frequencies(SMALL)
    folder = next(cache.iterdir())
    file = folder / "numbers.npy"
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-8])
    elif damage == "gone":
        file.unlink()
    elif damage == "empty":  # what is left where the power went before the disk was written
        file.write_bytes(b"")
    elif damage == "header":
        file.write_bytes(file.read_bytes().replace(b"}", b" ", 1))
    else:
        file.write_bytes((folder / "prefixes.npy").read_bytes())
    found = jieba_dictionary.frequencies(SMALL)
    assert isinstance(found[0], dict)
    assert found == expected


def test_without_a_place_to_write_the_dict_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert jieba_dictionary.frequencies(SMALL) == prefix_dictionary(SMALL.decode())


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder() == Path.home() / ".cache" / "persrv"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache_folder() == Path.home() / ".cache" / "persrv"


@pytest.mark.slow
def test_a_whole_catalogue_is_analysed_with_a_dict(tmp_path: Path) -> None:
    """In a fresh process that found the stored ones: the tokens before and after are the same."""
    program = (
        "from persrv.text import analyser as text; said = '我们今天加班到很晚所以晚安好梦'; "
        "before = text.analyse(said); kind = type(text._load_jieba().FREQ).__name__; text.prepare_for_many(); "
        "print(kind, type(text._load_jieba().FREQ).__name__, before == text.analyse(said))"
    )
    environment = {"XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
    told = [
        subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [each.stdout.split() for each in told] == [
        ["dict", "dict", "True"],
        ["StoredFrequencies", "dict", "True"],
    ]
    assert analyser.analyse("晚安") == ["晚", "安", "晚安"]
