"""Figures as the sentences of an experiment state them, in both languages: a number, its interval, what it means."""

from __future__ import annotations

from persrv.records import Text
from precompute.evaluation.report import Figure


def figure(each: Figure) -> str:
    """A number, with its interval in brackets where it has one."""
    if each.low is None or each.high is None:
        return f"{each.value:.4f}"
    return f"{each.value:.4f} [{each.low:.4f}, {each.high:.4f}]"


def gain(each: Figure) -> Text:
    """A difference, and whether its interval excludes 0."""
    verdict = _verdict(each)
    return Text(f"{figure(each)} ({verdict.en})", f"{figure(each)}（{verdict.zh}）")


def _verdict(each: Figure) -> Text:
    if each.low is None or each.high is None:
        return Text("no interval", "没有区间")
    if each.low > 0:
        return Text("clearly more", "明确更高")
    if each.high < 0:
        return Text("clearly less", "明确更低")
    return Text("not clear, the interval contains 0", "不明确，区间包含 0")
