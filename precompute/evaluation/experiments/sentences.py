"""One honest sentence a finding, in both languages, made of its figures: nothing here is written down beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from precompute.evaluation.report import Figure


@dataclass(frozen=True, slots=True)
class Sentence:
    """What an experiment shows."""

    en: str
    zh: str


def figure(each: Figure) -> str:
    """A number with its interval, where it has one."""
    if each.low is None or each.high is None:
        return f"{each.value:.4f}"
    return f"{each.value:.4f} [{each.low:.4f}, {each.high:.4f}]"


def gain_en(gain: Figure) -> str:
    """A difference and what its interval says, in English."""
    return f"{figure(gain)} ({_VERDICTS[_verdict(gain)][0]})"


def gain_zh(gain: Figure) -> str:
    """A difference and what its interval says, in Chinese."""
    return f"{figure(gain)}（{_VERDICTS[_verdict(gain)][1]}）"


_VERDICTS = {
    "open": ("no interval", "没有区间"),
    "more": ("clearly more", "明确更高"),
    "less": ("clearly less", "明确更低"),
    "unclear": ("not clear, the interval contains 0", "不明确，区间包含 0"),
}


def _verdict(gain: Figure) -> str:
    if gain.low is None or gain.high is None:
        return "open"
    return "more" if gain.low > 0 else "less" if gain.high < 0 else "unclear"


def stated(sentence: Sentence, **parameters: Any) -> dict[str, Any]:
    """Parameters as JSON, with the sentence in both languages."""
    listed = {name: list(value) if isinstance(value, tuple) else value for name, value in parameters.items()}
    return {"sentence": {"en": sentence.en, "zh": sentence.zh}, **listed}
