"""Tables of clicks as spreadsheets and programs export them: understood as meant, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from persrv.errors import DataError
from precompute.datasets.clicks import Clicks, joined, read_clicks

NAMES = {"moon": "moon", "moon.png": "moon", "Red Fox.png": "fox", "Red Fox": "fox", "pack/tea.png": "tea"}
CHINESE = "u1,晚安，做个好梦,moon.png\nu2,不想上班了,Red Fox.png\n"


def read(tmp_path: Path, data: bytes | str, encoding: str | None = None) -> Clicks:
    path = tmp_path / "clicks.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_clicks(path, NAMES, encoding)


def told(clicks: Clicks) -> list[tuple[str, str, str]]:
    return [(click.user, click.query, click.sticker) for click in clicks.interactions]


@pytest.mark.parametrize(
    "text",
    [
        "uid;query;docid\nann;to bed, now;moon.png\nbob;sly;Red Fox.png\n",
        "uid\tquery\tdocid\nann\tto bed, now\tmoon.png\nbob\tsly\tRed Fox.png\n",
        "ann|to bed, now|moon.png\nbob|sly|Red Fox.png\n",
        "uid^query^docid\nann^to bed, now^moon.png\nbob^sly^Red Fox.png\n",
        "用户；搜索词；图片\nann；to bed, now；moon.png\nbob；sly；Red Fox.png\n",
        "sep=;\r\nann;to bed, now;moon.png\r\nbob;sly;Red Fox.png\r\n",
        'uid, "query", "docid"\n"ann", "to bed, now", "moon.png"\nbob, sly, "Red Fox.png"\n',
        'Clicks of 2024,,\n,,\nUser Name,Search Term,Image File\nann,"to bed, now",moon.png\nbob,sly,Red Fox.png\n',
        '日期,表情包,使用者,搜尋詞\n2024-01-05,moon.png,ann,"to bed, now"\n2024-01-05,Red Fox.png,bob,sly\n',
    ],
    ids=[
        "semicolon",
        "tab",
        "pipe",
        "caret",
        "Chinese semicolon",
        "sep line",
        "blanks before quotes",
        "titles above",
        "Chinese, other order",
    ],
)
def test_separators_and_headers_are_told_from_the_table(tmp_path: Path, text: str) -> None:
    assert told(read(tmp_path, text)) == [("ann", "to bed, now", "moon"), ("bob", "sly", "fox")]


@pytest.mark.parametrize(
    "text",
    [
        "日期,表情,搜索词\n2024-01-05,moon.png,晚安\n",  # nobody clicked
        "moon.png,ann,to bed\nRed Fox.png,bob,sly\n",  # no header, and another order
        "Datei,Person,Suche\nmoon.png,ann,to bed\nRed Fox.png,bob,sly\n",  # a header that is not known
    ],
)
def test_columns_that_cannot_be_told_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match=r"uid, ?query, ?docid"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", CHINESE),
        ("big5", "u1,我愛你,moon.png\nu2,早安，謝謝老闆,Red Fox.png\n"),
        ("cp932", "u1,おはようございます,moon.png\nu2,猫かわいい,Red Fox.png\n"),
        ("cp1252", "u1,à bientôt,moon.png\nu2,schöne Grüße,Red Fox.png\n"),
        ("cp1251", "u1,доброе утро,moon.png\nu2,я тебя люблю,Red Fox.png\n"),
        ("koi8-r", "u1,доброе утро,moon.png\nu2,я тебя люблю,Red Fox.png\n"),
        ("koi8-r", "u1,привет,moon.png\n"),
        ("euc-jp", "u1,おはようございます,moon.png\nu2,オッケー,Red Fox.png\n"),
        ("iso2022-jp", "u1,おはようございます,moon.png\nu2,猫かわいい,Red Fox.png\n"),
        ("iso2022-kr", "u1,안녕히 주무세요,moon.png\n"),
        ("cp874", "u1,ขอบคุณมาก,moon.png\nu2,ไปนอนแล้ว,Red Fox.png\n"),
        ("hz", CHINESE),
        ("utf-7", CHINESE),
        ("cp1252", "u1,Grüße,moon.png\nu2,tschüß,Red Fox.png\n"),
        ("utf-16-le", CHINESE + "u1,一,moon.png\n"),
        ("utf-16-be", CHINESE),
        ("utf-32", CHINESE),
    ],
)
def test_texts_come_in_as_they_were_written(tmp_path: Path, encoding: str, text: str) -> None:
    found = [query for _, query, _ in told(read(tmp_path, text.encode(encoding)))]
    assert found == [line.split(",")[1] for line in text.splitlines()]


@pytest.mark.parametrize("query", ["C++, a+b", "~{wink~}", "1+1=2", "^_^+"])
def test_signs_in_plain_text_are_no_encoding(tmp_path: Path, query: str) -> None:
    assert told(read(tmp_path, f'u1,"{query}",moon.png\n')) == [("u1", query, "moon")]


@pytest.mark.parametrize(
    ("encoding", "query"),
    [
        ("cp866", "привет"),
        ("iso8859-5", "добрый вечер"),
        ("mac-cyrillic", "моя любовь"),
        ("koi8-r", "СПАСИБО"),
        ("cp1251", "С ДОБРЫМ УТРОМ"),
        ("cp949", "화이팅"),
        ("cp949", "ㅋㅋㅋ"),
        ("cp1253", "καλημέρα"),
        ("cp1255", "בוקר טוב"),
        ("cp1256", "صباح الخير"),
        ("cp1250", "dobrý večer, přátelé"),
        ("cp1254", "günaydın, nasılsın"),
        ("mac-roman", "tschüß, ça va"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_refused_until_it_is_named(
    tmp_path: Path, encoding: str, query: str
) -> None:
    data = f'u1,"{query}",moon.png\n'.encode(encoding)
    with pytest.raises(DataError, match="--encoding"):
        read(tmp_path, data)
    assert told(read(tmp_path, data, encoding)) == [("u1", query, "moon")]


def test_a_damaged_byte_costs_its_row_and_not_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, CHINESE.encode() + b"u3,caf\xe9,moon.png\n")
    assert [user for user, _, _ in told(found)] == ["u1", "u2"]
    assert found.dropped.counts == {"a row of bytes that are no text": 1}


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + bytes(90), b"\xd0\xcf\x11\xe0" + bytes(90), b"\x89PNG\r\n\x1a\n\0\0\0\rI"]
)
def test_a_workbook_or_a_picture_is_no_table(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DataError, match="In Excel"):
        read(tmp_path, data)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024/3/9 7:05", 1709967900),
        ("2024年3月9日 7:05", 1709967900),
        ("2024/3/9 下午 7:05", 1710011100),
        ("9.3.2024 07:05", 1709967900),
        ("3/19/2024 7:05 PM", 1710875100),
        ("45360.295138888889", 1709967900),
        ("45360", 1709942400),
        ("1.70997E+12", 1709970000),
        ("1,709,967,900", 1709967900),
        ("1.709.967.900", 1709967900),
        ("9-Mar-24", 1709942400),
        ("09 March 2024 07:05", 1709967900),
        ("Mar 9, 2024 7:05 PM", 1710011100),
        ("Sat Mar 09 2024 15:05:00 GMT+0800 (CST)", 1709967900),
        ("2024/03/09 07:05:00 +00:00", 1709967900),
        ("25-03-2024", 1711324800),
        ("5/3/2024 7:05", None),  # the fifth of March, or the third of May
    ],
)
def test_times_of_spreadsheets_are_read(tmp_path: Path, text: str, seconds: int | None) -> None:
    found = read(tmp_path, f'u,q,moon,"{text}"\n')
    assert found.interactions[0].time == seconds
    assert bool(found.dropped.counts) == (seconds is None)


def test_one_date_tells_the_order_of_all(tmp_path: Path) -> None:
    found = read(tmp_path, "u,q,moon,5/3/2024 7:05\nu,q,moon,25/3/2024 7:05\n")
    assert [click.time for click in found.interactions] == [1709622300, 1711350300]


@pytest.mark.parametrize(
    "cell",
    [
        "MOON.PNG",
        "C:\\stickers\\moon.png",
        "file:///home/me/moon.png",
        "\u200bmoon.png ",
        "pack/tea.png",
        "Red%20Fox.png",
        '"=""moon"""',
        '"=HYPERLINK(""stickers/moon.png"")"',
    ],
)
def test_a_picture_is_found_however_a_program_names_it(tmp_path: Path, cell: str) -> None:
    assert len(read(tmp_path, f"u,q,{cell}\n").interactions) == 1


def test_what_programs_write_for_nothing_is_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "NULL,q,moon\nu,#REF!,moon\nu,q,moon\n")
    assert found.dropped.counts == {"a click of nobody": 1, "a blank query": 1}


def test_people_and_first_rows_are_shown_as_they_were_understood(tmp_path: Path) -> None:
    (people, *rows) = read(tmp_path, "ann,to bed,moon,2024/3/9 7:05\nbob,sly,Red Fox\n" * 3).shown()
    assert people == "6 clicks of 2 people: ann, bob"
    assert rows[0] == "ann searched 'to bed' and took moon at 2024-03-09 07:05"
    assert len(rows) == 3


def test_clicks_of_several_files_are_appended(tmp_path: Path) -> None:
    both = joined([read(tmp_path, "ann,to bed,moon\n"), read(tmp_path, "bob,sly,Red Fox\nbob,sly,gone\n")])
    assert told(both) == [("ann", "to bed", "moon"), ("bob", "sly", "fox")]
    assert both.rows == 3
    assert both.dropped.total() == 1
