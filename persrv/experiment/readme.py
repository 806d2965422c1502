"""The README inside an experiment's ZIP."""

from __future__ import annotations

from persrv.bundle import Bundle
from persrv.experiment.plan import Plan
from persrv.records import UserStyle


def readme(bundle: Bundle, plan: Plan) -> str:
    """Compose the README of an experiment's ZIP: its files, their columns, and how to repeat the experiment."""
    who = plan.user.user if isinstance(plan.user, UserStyle) else plan.user
    world = " of simulated people and clicks" if bundle.simulated else ""
    visitor = f"a visitor with {len(plan.likes)} likes (settings.json)" if isinstance(plan.user, UserStyle) else who
    return f"""# A PerSRV experiment / PerSRV 实验

{len(plan.queries)} queries over the bundle {bundle.name}{world}, searched by {visitor or "nobody in particular"},
ranked four ways: `none` (relevance), `utility`, `personalization`, `both`. At most {plan.top} places a ranking.
{len(plan.queries)} 个查询，各有四种排序，每种最多 {plan.top} 位。

Bundle content: sha256 {bundle.content_hash}

| file | what it holds |
| --- | --- |
| `queries.csv` | queries by id: how many stickers matched, what stood in where none did, what it was read as |
| `scores.csv` | a line a place: final score and every part of it |
| `results.jsonl` | a JSON object a ranking: the same with matched tokens, nearest texts, clusters and counts |
| `runs/*.trec` | run files for trec_eval and ir_measures: `query Q0 sticker rank score tag` |
| `settings.json` | settings, who searched, bundle hash, versions |
| `figures/` | the first {plan.figures} queries as figures of two columns (174 mm), SVG and PDF, typeface inside |

- score = recall x (1 + alpha x preference) where `preference_counts`, else recall; recall = relevance + lambda x
  utility; relevance = the sum of bm25 x weight over fields, plus meaning_weight x meaning.
- Ties are ordered by sticker id. trec_eval breaks ties otherwise, so of equal scores a run file writes each one step of
  32 bits below the one before; the true scores are in `scores.csv`. Blanks and "%" of a sticker's id are written as in
  a URL there.
- A text that a spreadsheet would take for a formula has an apostrophe before it in CSV; `results.jsonl` has it as
  it is.
- Stickers keep their own licence: {bundle.licence}. The glyphs in figures are of Noto Sans CJK SC (SIL Open Font
  License 1.1).

The same bytes again, with the same versions, the queries in a file, one a line:

    python -m persrv experiment BUNDLE queries.txt --settings settings.json --out again.zip
"""
