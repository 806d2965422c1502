"""Times as people's tables write them: ISO 8601, Excel's dates and serial numbers, and counts of seconds since 1970."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

#: Seconds of the year 5138: a larger number counts milliseconds, or thousandths of these, or of those.
_THOUSANDTHS = 100_000_000_000

#: Seconds before the year 10000, beyond which no calendar of ours goes.
_LAST = 253_402_300_800

#: Digits that would be seconds of 1970 to 1973, or milliseconds of 2286 and later, are dates written without signs.
_COMPACT = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}

#: A spreadsheet counts days from here: 20,000 is in 1954 and 80,000 in 2119. As seconds they would all be one day.
_EXCEL = datetime(1899, 12, 30, tzinfo=UTC)
_SERIALS = (20_000, 80_000)

_DATE = re.compile(
    r"(?P<first>\d{1,4})\s*(?P<sign>[/.年-])\s*(?P<second>\d{1,2})\s*[/.月-]\s*(?P<third>\d{1,4})\s*日?"
    r"(?:[\st,]*(?P<before>[ap]\.?m\.?|上午|下午|凌晨|早上|中午|晚上)?\s*(?P<hour>\d{1,2})\s*[:时点時點]\s*(?P<minute>\d{1,2})?分?"
    r"(?:\s*:?\s*(?P<second_of>\d{1,2})(?:\.\d+)?秒?)?\s*(?P<after>[ap]\.?m\.?)?)?"
)
#: A date with the name of its month in English, as spreadsheets and browsers write it, and a zone after a time.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    rf"(?:[a-z]+,?\s+)?(?:(?P<day>\d{{1,2}})[\s-]+(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?|"
    rf"(?P<first_month>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<day_after>\d{{1,2}}))(?:st|nd|rd|th)?[,\s-]+(?P<year>\d{{4}}|\d{{2}})\b"
)
_ZONE = re.compile(r"(?<=:\d\d)\s*(?:gmt|utc|z)?\s*(?P<offset>[+-]\d{2}:?\d{2})?(?:\s*\([^)]*\))?$")

#: Thousands apart, by a comma or a point.
_GROUPED = re.compile(r"\d{1,3}(?:([,.])\d{3})(?:\1\d{3})+")

_AFTER_NOON = ("pm", "下午", "晚上")
_BEFORE_NOON = ("am", "上午", "凌晨", "早上")


def day_first(texts: Iterable[str]) -> bool | None:
    """Return whether a table writes 5/1/2024 for the fifth of January: told by a date whose other reading is none, or
    by the signs around it. None if no date tells.
    """
    for text in texts:
        match = _DATE.fullmatch(_plain(text).lower())
        if match is None or len(match["first"]) == 4:
            continue
        first, second = int(match["first"]), int(match["second"])
        if match["sign"] == "." or first > 12:
            return True
        if second > 12 or match["after"]:  # "1:45 PM" is written where the month comes first
            return False
    return None


def seconds(text: str, day_first: bool | None = None) -> int | None:
    """Seconds since 1970 UTC. None if the text is no time, lies beyond the calendar, or is a date such as 1/5/2024 that
    `day_first` would have to tell and does not.
    """
    plain = _plain(text)
    for read in (_of_digits, _of_number, _of_date(day_first), datetime.fromisoformat):  # ISO 8601 would read numbers
        try:
            found = read(plain)
        except (ValueError, OverflowError):
            continue
        if isinstance(found, datetime):
            found = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
        return int(found) if 0 <= found < _LAST else None  # no comparison holds for NaN
    return None


def _plain(text: str) -> str:
    """A time without thousands apart, and with its month as a number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _GROUPED.fullmatch(plain):
        return re.sub("[,.]", "", plain)
    named = _NAMED.match(plain.lower())
    if named is None:
        return plain
    month = 1 + _MONTHS.index(named["month"] or named["first_month"])
    year = named["year"] if len(named["year"]) == 4 else f"20{named['year']}"
    return f"{year}-{month}-{named['day'] or named['day_after']}{plain[named.end() :]}"


def _of_digits(text: str) -> datetime:
    """The date written in digits alone; ValueError for anything else."""
    return datetime.strptime(text if text.isdecimal() else "", _COMPACT.get(len(text), "no date"))


def _of_number(text: str) -> float | datetime:
    """Seconds, from a number of seconds, milli-, micro- or nanoseconds, or from a spreadsheet's number of days; NaN if
    it is too large.
    """
    number = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    if _SERIALS[0] <= number < _SERIALS[1]:
        return _EXCEL + timedelta(seconds=round(number * 86_400))
    return next((number / unit for unit in (1, 1e3, 1e6, 1e9) if abs(number) < _THOUSANDTHS * unit), math.nan)


def _of_date(day_first: bool | None) -> Callable[[str], datetime]:
    """A reader of dates with signs between day, month and year; ValueError for anything else."""

    def read(text: str) -> datetime:
        zone = _ZONE.search(text.lower())
        offset = zone["offset"] if zone else None
        match = _DATE.fullmatch(text.lower()[: zone.start()] if zone else text.lower())
        if match is None:
            raise ValueError(text)
        first, second, third = (int(match[name]) for name in ("first", "second", "third"))
        if len(match["first"]) == 4:
            year, month, day = first, second, third
        elif len(match["third"]) != 4:
            raise ValueError(text)
        else:
            year, (month, day) = third, _month_and_day(first, second, match["sign"] == "." or day_first)
        found = datetime(year, month, day, _hour(match), int(match["minute"] or 0), int(match["second_of"] or 0))
        return found.replace(tzinfo=UTC) - _offset(offset) if offset else found

    return read


def _offset(text: str) -> timedelta:
    """+08:00 or -0530 as a time."""
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


def _month_and_day(first: int, second: int, day_first: bool | None) -> tuple[int, int]:
    if first > 12:
        day_first = True
    elif second > 12:
        day_first = False
    if day_first is None and first != second:
        raise ValueError("day and month cannot be told apart")
    return (second, first) if day_first else (first, second)


def _hour(match: re.Match[str]) -> int:
    hour = int(match["hour"] or 0)
    half = (match["before"] or match["after"] or "").replace(".", "")
    if half in _AFTER_NOON and hour < 12:
        return hour + 12
    return 0 if half in _BEFORE_NOON and hour == 12 else hour
