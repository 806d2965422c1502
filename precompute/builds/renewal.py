"""Renewing a written bundle without drawing, reading or training anything: its index, people's styles, what queries are
understood by, and the settings of a search. So an older bundle gains meaning and discriminants within minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from persrv.bundle import Bundle, amend_styles, amend_understanding, reindex
from persrv.errors import DataError
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.records import SearchSettings
from precompute.builds.base import ENOUGH_CLICKS
from precompute.evaluation.world import World
from precompute.fit import mixing
from precompute.fit.features import choose_settings
from precompute.fit.styles import catalogue_precision
from precompute.fit.styles import fit as fit_styles
from precompute.fit.understanding import Understanding, lexicon
from precompute.runtime.progress import Bar
from precompute.stages.meaning import meanings


def renew(
    path: Path | str, encoder: SentenceEncoder | None, stream: TextIO, workers: int = 1, tune: bool = False
) -> Bundle:
    """Renew the index of a bundle, its styles, meanings and lexicon; return the bundle, open.

    encoder: None for words alone: then meanings and settings stay as they are. tune: choose the settings anew, by words
    and by words and meaning, on the bundle's own training and validation clicks; else a bundle that had no meaning gets
    settings from the middle of the grids. DataError: fewer than ENOUGH_CLICKS validation clicks to choose by.
    """
    bundle = reindex(path, workers)
    if tune and len(bundle.interactions["validation"]) < ENOUGH_CLICKS:
        found = f"{len(bundle.interactions['validation'])} validation clicks"
        raise DataError(found, f"at least {ENOUGH_CLICKS} to choose settings by", "Leave out --tune.")
    world = World.open(bundle)
    told = world.profile.styles
    styles = fit_styles(world.split.training, world.ids, world.embeddings, world.mean, told.clusters, told.seed)
    bundle = amend_styles(path, styles, catalogue_precision(world.embeddings, world.mean))
    world = World.open(bundle)
    settings: dict[str, SearchSettings] = {}
    provenance: dict[str, Mapping[str, Any]] = {}
    if tune:
        bar = Bar("tune", stream)
        parts = (world.split, world.ids, world.texts, world.embeddings, world.mean, world.profile)
        choice, asked = choose_settings(*parts, bar)
        settings["settings_words" if encoder else "settings"] = choice.settings
        stated = {"parameters": asdict(world.profile.tune), "questions": asked}
        provenance["tune"] = {**stated, "before": choice.before, "after": choice.after}
        provenance["tune"] = {**provenance["tune"], "trace": [asdict(step) for step in choice.trace]}
        bar.close(f"M-MRR@{world.profile.tune.cutoff} {choice.before:.4f} -> {choice.after:.4f}")
    if encoder is None:
        return amend_understanding(path, bundle.meaning, bundle.lexicon, settings, provenance)
    bar = Bar("meaning", stream)
    known = meanings(world.stickers, encoder, encoder.name, bar)
    bar.close(f"{len(known.texts)} texts by {encoder.name}")
    provenance["meaning"] = {"model": encoder.name, "texts": len(known.texts), "entries": len(known.text)}
    words = settings.setdefault("settings_words", bundle.words_settings)
    if tune:
        bar = Bar("mix", stream)
        catalogue = (world.split, world.stickers, world.embeddings, world.mean, world.profile)
        standing = None if bundle.meaning is None else bundle.settings
        mixed = mixing.choose(*catalogue, Understanding(encoder, known), words, bar, standing)
        settings["settings"] = mixed.settings
        provenance["mix"] = {"parameters": asdict(world.profile.tune), **mixed.to_json()}
        bar.close(f"{mixed.choice.before:.4f} -> {mixed.choice.after:.4f}")
    elif bundle.meaning is None:
        settings["settings"] = mixing.unchosen(world.profile.tune, words)
    return amend_understanding(path, known, lexicon(world.stickers), settings, provenance)
