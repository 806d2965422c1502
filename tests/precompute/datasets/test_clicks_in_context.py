"""Contexts of clicks: optional columns of a CSV of clicks, and the domains of a U-Sticker release."""

from __future__ import annotations

from pathlib import Path

import pytest

from persrv.records import Context, Interaction
from precompute.datasets import u_sticker
from precompute.datasets.clicks import LONGEST_CONTEXT, Clicks, language_of, read_clicks
from precompute.datasets.dropped import Dropped

NAMES = {"a": "a", "猫": "猫"}


def read(tmp_path: Path, text: str) -> Clicks:
    path = tmp_path / "clicks.csv"
    path.write_text(text, encoding="utf-8")
    return read_clicks(path, NAMES)


def test_context_columns_are_read_in_any_order(tmp_path: Path) -> None:
    found = read(tmp_path, "domain,reply_to,docid,lang,uid,message id,query,chat\nWork,7,a,en-GB,u,9,hi,c1\n")
    assert found.interactions == (Interaction("u", "hi", "a", None, Context("c1", "work", "en", "9", "7")),)


def test_chinese_headers_are_known(tmp_path: Path) -> None:
    found = read(tmp_path, "用户,搜索词,图片,时间,會話,場合,語言,消息编号,回复\nu,嗨,猫,1700000000,群1,工作,中文,2,1\n")
    assert found.interactions == (Interaction("u", "嗨", "猫", 1700000000, Context("群1", "工作", "zh", "2", "1")),)


def test_without_the_columns_or_their_values_there_is_no_context(tmp_path: Path) -> None:
    assert read(tmp_path, "u,hi,a,1700000000\n").interactions == (Interaction("u", "hi", "a", 1700000000),)
    assert read(tmp_path, "uid,query,docid,domain\nu,hi,a,NULL\n").interactions == (Interaction("u", "hi", "a"),)
    assert read(tmp_path, "uid,query,docid,domain\nu,hi,a\n").interactions == (Interaction("u", "hi", "a"),)


def test_a_fifth_column_without_a_header_is_no_context(tmp_path: Path) -> None:
    assert read(tmp_path, "u,hi,a,1700000000,work\n").interactions[0].context is None


def test_a_value_that_is_too_long_is_counted_and_its_click_kept(tmp_path: Path) -> None:
    found = read(tmp_path, f"uid,query,docid,domain,reply\nu,hi,a,{'x' * (LONGEST_CONTEXT + 1)},3\n")
    assert found.interactions == (Interaction("u", "hi", "a", None, Context(reply="3")),)
    assert found.dropped.counts == {"a domain that cannot be read (the click is kept)": 1}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("zh-CN", "zh"),
        ("zh_Hant", "zh"),
        ("中文", "zh"),
        ("Chinese", "zh"),
        ("EN", "en"),
        ("英語", "en"),
        ("fr", "fr"),
        ("", ""),
    ],
)
def test_languages_become_codes(cell: str, code: str) -> None:
    assert language_of(cell) == code


def test_domains_of_a_release_by_number_and_bad_lines_counted(tmp_path: Path) -> None:
    path = tmp_path / u_sticker.DOMAINS
    path.write_text("00,Games\n1.json, news\nx,art\n\n02,\n²,sport\n", encoding="utf-8")
    dropped = Dropped()
    assert u_sticker.read_domains(path, dropped) == {0: "games", 1: "news"}
    assert dropped.counts == {"a line that is not file,domain": 3}
    assert u_sticker.read_domains(tmp_path / "none.txt", Dropped()) == {}
