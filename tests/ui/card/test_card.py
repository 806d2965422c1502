"""The card of one comparison: what it shows is what a search finds, and a stranger's text stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from persrv.retriever import Retriever
from persrv.ui.card.route import route

TOP = 6


def asked(retriever: Retriever, framed_by: str = "", **parameters: str) -> tuple[int, str, dict[str, str]]:
    answer = TestClient(Starlette(routes=[route(retriever, framed_by)])).get("/card", params=parameters)
    return answer.status_code, answer.text, dict(answer.headers)


def pictures(page: str) -> list[list[str]]:
    """The names of the pictures in each list."""
    lists = re.findall(r"<ol>(.*?)</ol>", page, re.DOTALL)
    return [re.findall(r'<img src="[^"]*/(s\d+)\.', each) for each in lists]


class Tags(HTMLParser):
    """Parser that keeps all tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize(("utility", "names"), [("1", ("utility", "both")), ("0", ("none", "personalization"))])
def test_both_rankings_are_those_of_a_search(toy_retriever: Retriever, utility: str, names: tuple[str, str]) -> None:
    status, page, _ = asked(toy_retriever, q="laugh", user="cleo", utility=utility)
    results = toy_retriever.compare("laugh", "cleo", top=24)
    assert status == 200
    assert pictures(page) == [[hit.sticker for hit in results[name].hits[:TOP]] for name in names]
    assert "<h2>Without personalization</h2>" in page
    assert "<h2>For Cleo</h2>" in page
    places = {hit.sticker: hit.rank for hit in results[names[0]].hits}
    for hit in results[names[1]].hits[:TOP]:
        assert f"number {hit.rank}, before {places[hit.sticker]}" in page


def test_nobody_and_strangers_get_one_ranking(toy_retriever: Retriever) -> None:
    for user in ("none", "zoe", "@you"):
        _, page, _ = asked(toy_retriever, q="laugh", user=user)
        assert len(pictures(page)) == 1


def test_it_speaks_chinese_and_takes_a_theme(toy_retriever: Retriever) -> None:
    _, page, _ = asked(toy_retriever, q="laugh", user="cleo", lang="zh", __theme="dark")
    assert '<html lang="zh-CN" class="dark">' in page
    assert "<h2>为 可可</h2>" in page
    assert "模拟" in page


def test_it_leads_to_the_page_that_shows_the_same(toy_retriever: Retriever) -> None:
    _, page, _ = asked(toy_retriever, q="laugh & <b>", user="cleo", utility="0", search="words", literal="1", lang="zh")
    found = re.search(r'<a href="([^"]*)" target="_blank" rel="noopener">', page)
    assert found is not None
    link = urlsplit(found[1].replace("&amp;", "&"))
    assert link.path == "./"
    assert {key: value for key, (value,) in parse_qs(link.query).items()} == {
        "q": "laugh & <b>",
        "user": "cleo",
        "utility": "0",
        "search": "words",
        "literal": "1",
        "lang": "zh",
    }


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><svg/onload=1>", "'&quot;", "\x00"]
)
def test_text_is_never_markup(toy_retriever: Retriever, text: str) -> None:
    plain = Tags(asked(toy_retriever, q="zzz", user="cleo")[1])
    for parameters in ({"q": text}, {"q": "laugh", "user": text}, {"q": "laugh", "lang": text, "__theme": text}):
        page = asked(toy_retriever, **parameters)[1]
        tags = Tags(page)
        assert set(tags.found) <= {*plain.found, *["section", "h2", "ol", "li", "img", "span", "b", "small", "em", "p"]}
        assert tags.attributes <= {*plain.attributes, "src", "alt", "loading", "aria-hidden"}
        assert tags.found.count("style") == page.count("</style>") == 1


def test_what_cannot_be_searched_is_said(toy_retriever: Retriever) -> None:
    status, page, headers = asked(toy_retriever, q="x" * 10_000, lang="en")
    assert status == 400
    assert "10000 characters" in page
    assert "frame-ancestors" in headers["content-security-policy"]
    status, page, _ = asked(toy_retriever, q="zzzzqqqq")
    assert status == 200
    assert "zzzzqqqq" in page
    assert asked(toy_retriever)[0] == 200


def test_its_policy_lets_nothing_run_and_names_who_may_show_it(toy_retriever: Retriever) -> None:
    _, page, headers = asked(toy_retriever, "https://blog.example", q="laugh", user="cleo")
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src 'self';")
    assert policy.endswith("frame-ancestors 'self' https://huggingface.co https://*.hf.space https://blog.example")
    assert "<script" not in page
    assert len(page.encode()) < 8_000, "a card is light"
