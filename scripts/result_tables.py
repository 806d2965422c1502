"""The sections of docs/results.md: tables and sentences from a bundle's manifest, its evaluation and the benchmarks.

`results` composes them; scripts/readme.py writes the file. A section is "" where nothing was measured for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue_block import catalogue

METRICS = ("M-MRR@1", "R@1", "M-MRR@5", "R@5", "M-MRR@10", "R@10", "M-MRR@20", "R@20")
TESTED = ("M-MRR@10", "R@10", "R@20")
COLD = ("M-MRR@10", "R@10", "Success@10", "R@100")


def results(manifest: Mapping[str, Any], evaluated: Mapping[str, Any], measured: Mapping[str, Any]) -> str:
    """Join the sections that are not empty, each below its heading."""
    sections = evaluated.get("sections", {})
    parts = {
        "The embedded bundle": describe(manifest),
        "Gates of the build": gates(manifest),
        "All methods on test clicks": evaluation(sections),
        "What each field is worth": fields_worth(sections, manifest["settings"]["field_weights"]),
        "Captions": captioners(evaluated.get("vlm", {})),
        "Instructions and conversations": tables_of(sections.get("replying")),
        "A language model that retrieves": tables_of(sections.get("retrieving-lm")),
        "StickerCLIP": tables_of(sections.get("sticker-clip")),
        "Speed on the embedded bundle": speed(measured),
    }
    told = [f"## {heading}\n\n{part}" for heading, part in parts.items() if part]
    return "\n\n".join((*told, catalogue(measured))).rstrip()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def decimal(value: float) -> str:
    """Three figures behind the point; very small ones as they are."""
    return f"{value:.3f}" if value == 0 or abs(value) >= 0.001 else f"{value:.0e}"


def describe(manifest: Mapping[str, Any]) -> str:
    """Describe the bundle's size in one paragraph."""
    counts, megabytes = manifest["counts"], sum(file["bytes"] for file in manifest["files"].values()) / 1e6
    clicks = sum(counts[f"interactions_{part}"] for part in ("train", "validation", "test"))
    return (
        f"{counts['stickers']:,} stickers, {counts['people']} people, "
        f"{clicks:,} clicks ({counts['interactions_train']:,} to fit, {counts['interactions_validation']:,} to choose "
        f"the settings, {counts['interactions_test']:,} to test), {counts['clusters']} style clusters, "
        f"{megabytes:.1f} MB. "
        f"{chosen(manifest['settings'], manifest['provenance']['tune']['parameters'])}"
        f"{manifest['provenance'].get('mix', {}).get('restrained', '')}"
    )


def chosen(settings: Mapping[str, Any], grid: Mapping[str, Any]) -> str:
    """Sentence on the settings that validation clicks chose, without the fields' weights, and on ends of grids."""
    parts = zip(settings["utility_weights"], ("clicks", "people", "queries"), strict=True)
    utility = ", ".join(f"{name} {weight:g}" for weight, name in parts)

    def end(name: str) -> str:
        return " (the end of its grid)" if settings[name] == max(grid[name]) else ""

    return (
        f"Validation clicks chose `alpha` {settings['alpha']:g}{end('alpha')}, `lambda` {settings['lambda_']:g}"
        f"{end('lambda_')}, and in utility the weights {utility}."
    )


def gates(manifest: Mapping[str, Any]) -> str:
    """Table of the build's gates."""
    rows = [
        [
            name,
            decimal(gate["value"]),
            decimal(gate["goal"]),
            f"{gate['cases']:,}",
            "yes" if gate["passed"] else "**no**",
        ]
        for name, gate in sorted(manifest["gates"].items())
    ]
    return "What the build must reach, on held-out cases.\n\n" + table(
        ("gate", "value", "goal", "cases", "reached"), rows
    )


def evaluation(sections: Mapping[str, Any]) -> str:
    """Table 3 on test clicks, under both protocols; "" where it was not computed."""
    found = sections.get("comparison")
    if found is None:
        return ""
    tables = {each["name"]: each for each in found["tables"]}
    clicks, data = english(found["notes"][0]), english(found["data"])
    return "\n\n".join(
        (
            f"Test clicks of the **{data}**: {clicks} Any gain from personalization here shows that the "
            "system finds the tastes we put in; it says nothing about real people, and the figures are not comparable "
            "with the paper's. `*` and `**`: differs from PerSRV, p < .05 and < .01 (paired t-test over questions, "
            "Holm).",
            *(protocol(tables, name) for name in ("new", "paper")),
        )
    )


def english(text: str | Mapping[str, str]) -> str:
    """A text of the evaluation in English; version 1 of its schema held nothing else."""
    return text if isinstance(text, str) else text["en"]


def protocol(tables: Mapping[str, Any], name: str) -> str:
    """The methods under one protocol, and what PerSRV gains over itself without its parts."""
    shown = tables[name]
    rows = [
        [row["name"], *(marked(row["figures"][metric]) for metric in METRICS)]
        for row in shown["rows"]
        if row["name"] not in FIELDS
    ]
    tests = tables[f"{name} tests {TESTED[0]}"]["rows"]
    gains = "; ".join(
        f"{interval(row['figures']['gain'])} over {row['name']}"
        for row in tests
        if row["name"] in ("w/o personalization", "w/o utility", "w/o both")
    )
    told = english(shown["title"]).removeprefix("The paper's metrics. ")
    gained = f"Gain of PerSRV in {TESTED[0]} (95 % interval, people drawn whole): {gains}."
    return f"{told}\n\n{table(('', *METRICS), rows)}\n\n{gained}"


def marked(figure: Mapping[str, Any]) -> str:
    """A figure with the stars of its test."""
    return f"{figure['value']:.4f}{figure.get('mark', '')}"


#: Ablations of single fields: method -> what the README calls its gain.
FIELDS = {
    "w/o captions": "all captions, over none",
    "w/o keywords": "keywords, over none",
    "w/o description": "description, over none",
    "w/o emotion": "emotion, over none",
    "w/o fine-tuning": "fine-tuned keywords, over the base model's",
    "w/o ocr": "words in the picture, over none",
    "w/o queries": "clicked queries, over none",
    "w/o names": "names of files, over none",
}


def fields_worth(sections: Mapping[str, Any], weights: Mapping[str, float]) -> str:
    """Table of the gain of each field in search, for all clicks and for cold ones; "" if it was not measured."""
    tables = {each["name"]: each for each in sections.get("comparison", {}).get("tables", ())}
    tested = [tables[f"paper tests {metric}"] for metric in TESTED if f"paper tests {metric}" in tables]
    by_name = [{row["name"]: row["figures"]["gain"] for row in each["rows"]} for each in tested]
    rows = [
        [told, *(interval(gains[name]) for gains in by_name)]
        for name, told in FIELDS.items()
        if by_name and name in by_name[0]
    ]
    if not rows:
        return ""
    nameless = "w/o names" not in by_name[0]  # then the weight of names is of nothing
    told = sorted((field, weight) for field, weight in weights.items() if not (nameless and field == "names"))
    chosen = ", ".join(f"{field} {weight:g}" for field, weight in told)
    return "\n\n".join(
        (
            "What each field is worth in search: PerSRV against itself without it, under the paper's protocol; gains "
            f"and their 95 % intervals. Weights: {chosen}.",
            table(("", *TESTED), rows),
            cold(tables["cold"]),
        )
    )


def cold(found: Mapping[str, Any]) -> str:
    """The figures of clicks on stickers that nobody clicked in training."""
    shown = [row for row in found["rows"] if row["name"] in ("PerSRV", "w/o utility", *FIELDS)]
    rows = [[row["name"], *(marked(row["figures"][metric]) for metric in COLD)] for row in shown]
    return f"{english(found['title'])}\n\n{table(('', *COLD), rows)}"


FIGURES = {
    "recall": "keyword recall",
    "token_recall": "token recall",
    "recall_all": "keyword recall with slips",
    "cosine": "cosine",
    "bleu": "BLEU",
}
CAPTIONERS = {
    "base": "base",
    "tuned_picture": "fine-tuned, picture alone",
    "tuned_ocr": "fine-tuned, picture and OCR",
}


def interval(gain: Mapping[str, float]) -> str:
    """A gain and its interval in one cell."""
    return f"{gain['value']:+.4f} ({gain['low']:+.4f} to {gain['high']:+.4f})"


def captioners(document: Mapping[str, Any]) -> str:
    """Table of the quality of captions of held-out stickers; "" if none were written."""
    rows = [
        [
            f"{CAPTIONERS.get(row['name'], row['name'])}{' (shipped)' if row.get('shipped') else ''}",
            *(f"{row[figure]:.3f}" for figure in FIGURES if figure in row),
            f"{row['stickers']:,}",
            f"{row['queries']:,}",
        ]
        for row in document.get("rows", ())
    ]
    if not rows:
        return ""
    head = [name for figure, name in FIGURES.items() if figure in document["rows"][0]]
    ceiling = document.get("ceiling")
    oracle = "" if ceiling is None else f" An oracle that knows the situation would reach a recall of {ceiling:.3f}."
    return (
        "Keywords of the small LLaVA for stickers that fine-tuning never saw. Keyword recall is the share of test "
        "queries, typed for what the sticker shows, that are written word for word (with slips: queries of stray "
        f"clicks, too); BLEU is won by the output format alone.{oracle}\n\n"
        + table(("", *head, "stickers", "queries"), rows)
    )


def tables_of(found: Mapping[str, Any] | None) -> str:
    """A section of the evidence as it is: its most important note, and its tables; "" where it was not computed."""
    if found is None or not found["tables"]:
        return ""
    parts = [f"Data: **{english(found['data'])}**. {english(found['notes'][0])}"]
    for shown in found["tables"]:
        columns, digits = shown["columns"], shown["digits"]
        rows = [
            [_row_name(row), *(_cell(row["figures"].get(column), digits) for column in columns)]
            for row in shown["rows"]
        ]
        parts += [f"{english(shown['title'])}.", table(("", *columns), rows)]
    return "\n\n".join(parts)


def _row_name(row: Mapping[str, Any]) -> str:
    """The name of a row, with where it started if several rows have the name."""
    group = english(row.get("group", ""))
    return f"{row['name']}, {group}" if group.startswith("from ") else row["name"]


def _cell(figure: Mapping[str, Any] | None, digits: int) -> str:
    """A figure with its interval, where it has one."""
    if figure is None:
        return ""
    ends = f" ({figure['low']:.{digits}f} to {figure['high']:.{digits}f})" if "low" in figure else ""
    return f"{figure['value']:.{digits}f}{ends}"


def speed(measured: Mapping[str, Any]) -> str:
    """Table of the benchmarks' figures on the machine that built the bundle."""
    page, search = measured["page"], measured["search"]["ms"]
    ours, oracle = search["search, personalized, 20 hits explained"], search["rank_bm25, recall of 100 only"]
    rows = [
        ["start to first answer", f"{page['page_answers_s']} s"],
        ["start to stickers on the screen", f"{page['stickers_shown_s']} s"],
        ["key press to results in the browser, p50 / p95", _pair(page, "key_to_results_ms")],
        ["slider's move to the new order in the browser, p50 / p95", _pair(page, "slider_to_order_ms")],
        [
            "personalised, explained search by words alone in the library, p50 / p99",
            f"{ours['p50']:.2f} / {ours['p99']:.2f} ms",
        ],
        *_everyday(measured.get("everyday", {})),
        ["recall alone by rank_bm25, p50 / p99", f"{oracle['p50']:.2f} / {oracle['p99']:.2f} ms"],
        ["peak memory of the app", f"{page['peak_memory_mb']} MB"],
        *_crowds(measured["visitors"]),
        *_folders(measured.get("folder", {})),
    ]
    return (
        f"Measured on {page['cores']} cores (`benchmarks/page.py`, `benchmarks/search.py`, `benchmarks/visitors.py`):"
        "\n\n" + table(("", ""), rows)
    )


def _everyday(everyday: Mapping[str, Any]) -> list[list[str]]:
    """A row for each way to ask an everyday query; nothing where that was not measured."""
    return [
        [
            f"everyday query in the library (`benchmarks/everyday.py`), {way}, p50 / p99",
            f"{took['p50']:.1f} / {took['p99']:.1f} ms",
        ]
        for way, took in everyday.get("ms", {}).items()
    ]


def _pair(page: Mapping[str, Any], name: str) -> str:
    return f"{page[f'{name}_p50']} / {page[f'{name}_p95']} ms"


def _crowds(visitors: Mapping[str, Any]) -> list[list[str]]:
    """A row for one visitor and one for many at once."""
    rows = []
    for count, figures in visitors["by_number"].items():
        found = figures["search"]
        who = "one visitor" if count == "1" else f"{count} visitors at once, {figures['errors']} errors"
        rows.append([f"search over HTTP, {who}, p50 / p95", f"{found['p50']} / {found['p95']} ms"])
    return rows


def _folders(folder: Mapping[str, Any]) -> list[list[str]]:
    """Rows on the duration of building a bundle from a folder; none if it was not measured."""
    if not folder:
        return []
    return [[f"{folder['files']:,} messy files become a bundle (`benchmarks/folder.py`)", f"{folder['seconds']:.0f} s"]]
