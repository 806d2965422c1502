"""The command line: `build` runs every stage and writes a bundle, each stage can be run by itself, `evaluate` computes
the evidence for a bundle that exists and writes it into it, and `reindex` indexes one by today's analyser.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persrv.bundle import Bundle
    from persrv.records import Gate
    from precompute.builds.demo import Build
    from precompute.config import Profile
    from precompute.evaluation.translation import Translator
    from precompute.runtime.operators import Engine

INTERRUPTED = 130

#: A write that failed because the disk, or this user's share of it, is full.
_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 a gate failed under --strict, 2 a mistake that has a sentence, 130 interrupted."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy loads: stages share their work by processes
    os.environ.setdefault("TQDM_DISABLE", "1")  # libraries' own bars; ours says where a stage is
    options = _parser().parse_args(arguments)
    from persrv.errors import PersrvError

    try:
        if options.stage == "evaluate":
            return _evaluate(options)
        if options.stage == "convert":
            return _convert(options)
        if options.stage == "reindex":
            return _reindex(options)
        if options.stage == "sends":
            return _sends(options)
        if options.stage == "sticker-clip":
            return _sticker_clip(options)
        if options.stage == "retrieving-lm":
            return _retrieving_lm(options)
        if options.stage == "srs":
            return _srs(options)
        from precompute.config import load_profile

        if options.stage == "build" and (options.images or options.interactions):
            return _import(options)
        from precompute.builds.demo import Build
        from precompute.runtime.preflight import alone, require_room

        profile = load_profile(options.profile)
        _only_imports(profile, options)
        if options.stage == "build":
            require_room(Path(options.out))
        build = Build(profile, Path(options.work or f"build/{options.profile}"), sys.stderr)
        with alone(build.work, Path(options.out) if options.stage == "build" else None):
            if options.stage == "build":
                return _build(build, Path(options.out), options.strict)
            build.run(options.stage)
            return _tell_gates(build.gates, options.strict)
    except PersrvError as error:
        print(f"precompute: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in _FULL:
            raise
        place = f" at {error.filename}" if error.filename else ""
        print(f"precompute: The disk is full{place}. Make room. The same command goes on from here.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return INTERRUPTED


def _evaluate(options: argparse.Namespace) -> int:
    """Evaluate a bundle, print the tables, write them into it."""
    from persrv.bundle import Bundle
    from precompute.evaluation.console import lines
    from precompute.evaluation.external_models import ExternalModels, text_model_of
    from precompute.evaluation.run import Evaluation
    from precompute.evaluation.translation import at_hand
    from precompute.evaluation.world import Options
    from precompute.runtime.cache import Cache
    from precompute.runtime.preflight import alone

    chosen = Options(splits=tuple(options.splits)) if options.splits else Options()
    if options.annotations:
        chosen = replace(chosen, annotations=options.annotations)
    evaluation = Evaluation(Cache(Path(options.work)), sys.stderr)
    bundle = Bundle.open(options.bundle)
    external = ExternalModels(at_hand(options.translator), text_model_of(bundle, options.clip))
    with alone(Path(options.work), bundle.path):
        done = evaluation.run(bundle.path, chosen, options.only, external)
    for each in done:
        print("\n".join((*lines(each.findings), "")))
    if options.export:
        from precompute.evaluation.export import export

        export({each.section.name: each.findings for each in done}, Path(options.export))
    print(f"{options.bundle}: {len(done)} sections, {sum(each.seconds for each in done):.0f} s of computing")
    return 0


def _convert(options: argparse.Namespace) -> int:
    """A released data set as a table; says what was left out, by reason."""
    from precompute.datasets.convert import convert
    from precompute.datasets.dropped import report_lines

    done = convert(options.kind, Path(options.source), [Path(path) for path in options.queries], Path(options.out))
    print(f"{options.out}: {done.rows} rows from {done.found} {done.what}")
    print(f"left out: {report_lines(done.dropped.rows())}")
    return 0


def _sticker_clip(options: argparse.Namespace) -> int:
    """Measure the gain of fine-tuning a Chinese-CLIP on annotations; a bundle gets the figures as a section of its
    evidence.
    """
    from persrv.bundle.layout import MANIFEST
    from precompute.builds import annotated_clip
    from precompute.config import load_profile
    from precompute.datasets.dropped import report_lines
    from precompute.evaluation.console import lines
    from precompute.runtime.preflight import alone

    source, profile = Path(options.source), load_profile(options.profile)
    of_bundle = (source / MANIFEST).is_file()
    start = Path(options.start) if options.start else source if of_bundle else Path("assets/demo")
    said = annotated_clip.annotated(source)
    build = annotated_clip.Build(said, start, profile.sticker_clip, profile.workers, Path(options.work), sys.stderr)
    with alone(build.work, source if of_bundle else None):
        found = build.findings()
        if of_bundle:
            annotated_clip.write(source, found)
    print("\n".join((*lines(found), "")))
    print(f"{source}: {len(said.told)} annotated stickers; left out: {report_lines(said.dropped.rows())}")
    return 0


def _retrieving_lm(options: argparse.Namespace) -> int:
    """Teach a bundle's language model to retrieve; the bundle gets what it learnt, and evidence of what that gains."""
    from precompute.builds import retrieving_lm
    from precompute.config import load_profile
    from precompute.evaluation.console import lines
    from precompute.runtime.preflight import alone
    from precompute.runtime.progress import Bar

    path = Path(options.bundle)
    config = replace(load_profile(options.profile).retrieving, model=options.model)
    build = retrieving_lm.Build(path, config, Path(options.work), sys.stderr)
    with alone(build.work, path):
        bar = Bar("judge", sys.stderr)
        found = build.findings(bar)
        bar.close("done")
        retrieving_lm.write(path, build, found)
    print("\n".join((*lines(found), "")))
    return _tell_gates(build.gates, strict=False)


def _srs(options: argparse.Namespace) -> int:
    """Train SRS on a bundle's training clicks; the bundle gets it, for the chat's comparison."""
    from precompute.builds.selector import Build
    from precompute.runtime.preflight import alone

    build = Build(Path(options.bundle), Path(options.work), sys.stderr)
    with alone(build.work, Path(options.bundle)):
        build.write()
    return _tell_gates(build.gates, strict=False)


def _reindex(options: argparse.Namespace) -> int:
    """The index of a bundle, and what queries are understood by, made anew; its settings chosen anew where asked."""
    from persrv.models.sentence_encoder import load_sentence_encoder
    from precompute.builds.renewal import renew
    from precompute.fit.understanding import encoder_at_hand

    encoder = load_sentence_encoder(options.encoder) if options.encoder else encoder_at_hand()
    encoder = None if options.words_only else encoder
    bundle = renew(options.bundle, encoder, sys.stderr, options.workers, options.tune)
    print(f"{options.bundle}: {len(bundle.ids)} stickers indexed by analyser {bundle.manifest['index']['analyser']!r}")
    _tell_codes(bundle)
    if encoder is None and not options.words_only:
        print("No sentence encoder is installed, so meanings stay as they are: see requirements.txt.")
    return 0


def _sends(options: argparse.Namespace) -> int:
    """Simulated sends in three domains, added to a bundle of the drawn world."""
    from precompute.builds.sends import with_sends

    bundle = with_sends(options.bundle, options.seed)
    sends = sum(map(len, bundle.sends_by_user.values()))
    print(f"{options.bundle}: {sends} simulated sends in {', '.join(bundle.domains)}; {bundle.context}")
    return 0


def _import(options: argparse.Namespace) -> int:
    """A bundle from a folder of stickers and, perhaps, a CSV of clicks; says what was left out, by reason."""
    from persrv.bundle import edits_path, read_edits
    from persrv.errors import DataError
    from precompute.builds.folder import Import
    from precompute.datasets.dropped import report_lines
    from precompute.runtime.dependencies import ROOT
    from precompute.runtime.preflight import alone, require_apart, require_room
    from precompute.stages.ocr_engines import require

    if not options.images:
        raise DataError("--interactions without --images", "a folder of stickers as well", "Add --images DIR.")
    clicks = [Path(csv) for csv in options.interactions]
    work = Path(options.work or "build/import")
    images, profile = Path(options.images), _changed_profile(options)
    require_apart(images, Path(options.out), work)
    require_room(Path(options.out))
    require(profile.ocr.engine)
    engine = _engine(options, profile)
    translator = None if not clicks or options.no_evaluation else _translator(profile, options.translator)
    if profile.released.clip or any(_of_released(options)):
        from precompute.builds.released import PaperImport
        from precompute.builds.released_clip import ClipImport, find_models, with_vlm

        folder, speaker = options.llava, options.vlm
        if folder and not (speaker or profile.released.vlm):
            folder, speaker = None, folder  # a profile without a model of its own
        if speaker:
            config, named = with_vlm(profile.released, speaker)
            folder, profile = named or folder, replace(profile, released=config)
        models = find_models(profile, options.clip, folder, options.force_cpu, options.adapter, sys.stderr)
        kind = PaperImport if profile.released.vlm else ClipImport
        run: Import = kind(images, clicks, models, profile, work, sys.stderr, options.encoding)
    else:
        run = Import(images, clicks, ROOT / "assets/demo", profile, work, sys.stderr, options.encoding)
    run.said = read_edits(edits_path(Path(options.out)))
    with alone(work, Path(options.out)):
        with engine as run.engine:
            _ = run.clicks  # shown, or refused, before any work starts
            bundle = run.write(Path(options.out))
        print(f"{options.out}: {len(bundle.ids)} stickers, {len(bundle.people)} people")
        _tell_codes(bundle)
        print(f"files left out: {report_lines(run.report['files_left_out'])}")
        if clicks:
            print(f"rows left out: {report_lines(run.report['rows_left_out'])}")
        if bundle.interactions["test"] and not options.no_evaluation:
            _judge(Path(options.out), work, profile, translator, run.sees)
    return 0


def _changed_profile(options: argparse.Namespace) -> Profile:
    """The profile with what the options say otherwise."""
    from precompute.config import load_profile

    profile = load_profile(options.profile)
    if options.ocr:
        profile = replace(profile, ocr=replace(profile.ocr, engine=options.ocr))
    if options.sticker_clip:
        profile = replace(profile, sticker_clip=replace(profile.sticker_clip, on=True))
    return profile


def _engine(options: argparse.Namespace, profile: Profile) -> AbstractContextManager[Engine]:
    """Yield the engine that runs the operators, for as long as the work takes. PersrvError, before any work, where Ray
    is missing.
    """
    if options.engine == "ray":
        from precompute.runtime.ray import check_ray, on_ray

        check_ray()
        return on_ray(options.ray_address, profile.workers)
    from persrv.errors import DataError
    from precompute.runtime.local import in_processes

    if options.ray_address:
        raise DataError("--ray-address without --engine ray", "both, or neither", "Add --engine ray.")
    return nullcontext(in_processes(profile.workers))


def _translator(profile: Profile, given: str | None) -> Translator | None:
    """Translator for Table 3, found before any work; None if the profile wants none and none was given."""
    from precompute.evaluation import translation

    wanted = profile.translate
    if not wanted.model and given is None:
        return None
    found = translation.found(given, wanted.model or translation.OPUS_MT)
    return replace(found, batch=wanted.batch)


def _judge(out: Path, work: Path, profile: Profile, translator: Translator | None, eyes: Path | None) -> None:
    """The evidence on test clicks, written into the bundle that is there already. eyes: the Chinese-CLIP's folder."""
    from precompute.evaluation.external_models import ExternalModels, text_model
    from precompute.evaluation.run import Evaluation
    from precompute.evaluation.world import Options
    from precompute.runtime.cache import Cache

    config = profile.evaluate
    chosen = Options(cutoffs=config.cutoffs, resamples=config.resamples, seed=config.seed)
    external = ExternalModels(translator, None if eyes is None else text_model(eyes))
    done = Evaluation(Cache(work / "evaluation"), sys.stderr).run(out, chosen, external=external)
    told = f"python -m precompute evaluate {out}"
    print(f"evaluated on test clicks: {len(done)} sections, shown on the page; {told} prints them")


def _of_released(options: argparse.Namespace) -> tuple[object, ...]:
    """The options that mean something to released models alone."""
    return options.clip, options.vlm, options.llava, options.adapter, options.sticker_clip, options.force_cpu


def _only_imports(profile: Profile, options: argparse.Namespace) -> None:
    """Refuse what has a meaning for a folder of stickers only: the drawn world is made for the small models."""
    from persrv.errors import DataError

    if options.stage == "build" and (options.engine != "local" or options.ray_address):
        raise DataError(
            "--engine or --ray-address without a folder of stickers",
            "stickers of your own, whose stages run on either engine",
            "Add --images DIR: the drawn world is built by processes of this machine.",
        )
    if profile.ocr.engine != "rapidocr" or (options.stage == "build" and options.ocr):
        raise DataError(
            "An OCR engine without a folder of stickers",
            "stickers of your own; the drawn world is read by rapidocr",
            "Add build --images DIR, or leave the engine out.",
        )
    if profile.released.clip or (options.stage == "build" and any(_of_released(options))):
        raise DataError(
            f"Profile {profile.name!r} with released models, and no folder of stickers",
            "stickers that these models are to look at",
            "Add build --images DIR, or choose --profile demo without options of released models.",
        )


def _build(build: Build, out: Path, strict: bool) -> int:
    bundle = build.write(out)
    print(f"{out}: {len(bundle.ids)} stickers, content {bundle.content_hash[:16]}")
    _tell_codes(bundle)
    return _tell_gates(build.gates, strict)


def _tell_codes(bundle: Bundle) -> None:
    """A line on how surely near texts are found, where they are found by codes."""
    from persrv.ranking.sketches import GOAL, NEAREST

    codes = bundle.manifest.get("meaning", {}).get("codes")
    if codes:
        found = f"{codes['recall']:.1%} of the {NEAREST} nearest, goal {GOAL:.0%}"
        print(f"near texts: codes of {codes['bytes']} bytes find {found} ({codes['queries']} texts tried)")


def _tell_gates(gates: dict[str, Gate], strict: bool) -> int:
    """A line a gate; the exit code."""
    for name, gate in sorted(gates.items()):
        verdict = "passed" if gate.passed else "FAILED"
        print(f"{verdict}  {name:<28} {gate.value:10.4g}  goal {gate.goal:<8g} {gate.cases} cases")
    failed = [name for name, gate in gates.items() if not gate.passed]
    if failed:
        print(f"{len(failed)} of {len(gates)} gates failed; the bundle says so.", file=sys.stderr)
    return int(strict and bool(failed))


def _parser() -> argparse.ArgumentParser:
    from precompute.config import STAGES, profile_names
    from precompute.datasets.convert import KINDS

    parser = argparse.ArgumentParser(prog="python -m precompute", description="Build a feature bundle, stage by stage.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--profile", default="demo", help=f"one of {', '.join(profile_names())} (default: demo)")
    shared.add_argument("--work", help="folder of the cache (default: build/<profile>)")
    shared.add_argument("--strict", action="store_true", help="exit with 1 when a gate fails")
    commands = parser.add_subparsers(dest="stage", required=True, metavar="STAGE")
    build = commands.add_parser("build", parents=[shared], help="run all stages and write the bundle")
    build.add_argument("--out", required=True, help="folder of the bundle, replaced when the new one is complete")
    build.add_argument("--images", metavar="DIR", help="your own stickers instead of the drawn world")
    build.add_argument(
        "--interactions", metavar="CSV", nargs="+", default=[], help="clicks on them: uid,query,docid[,time]"
    )
    build.add_argument("--encoding", metavar="NAME", help="of the CSVs, where their bytes do not tell it")
    build.add_argument(
        "--clip", metavar="PATH", help="with --profile paper or laptop: a local folder of Chinese-CLIP ViT-B/16"
    )
    build.add_argument(
        "--vlm",
        metavar="NAME",
        help="with --profile paper or laptop: who writes captions, a name of precompute/profiles/models or a folder",
    )
    build.add_argument("--llava", metavar="PATH", help="with --profile paper: a local folder of LLaVA-1.5-7B")
    build.add_argument(
        "--adapter", metavar="PATH", help="with --profile paper: a LoRA adapter, instead of training one"
    )
    build.add_argument("--ocr", metavar="ENGINE", help="with --images: rapidocr (default), or paddleocr if installed")
    build.add_argument(
        "--sticker-clip",
        action="store_true",
        help="with --profile paper: fine-tune Chinese-CLIP on the stickers' texts",
    )
    build.add_argument("--translator", metavar="PATH", help="a local folder of Opus-MT en-zh, for a row of Table 3")
    build.add_argument("--force-cpu", action="store_true", help="with --profile paper: no GPU, however long it takes")
    build.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="with --images: processes of this machine, or Ray"
    )
    build.add_argument(
        "--ray-address", metavar="ADDRESS", help="with --engine ray: a running cluster (default: one on this machine)"
    )
    build.add_argument("--no-evaluation", action="store_true", help="with --interactions: do not judge on test clicks")
    evaluate = commands.add_parser("evaluate", help="compute the tables and curves of a bundle and write them into it")
    evaluate.add_argument("bundle", help="folder of the bundle")
    evaluate.add_argument("--only", nargs="+", default=[], metavar="SECTION", help="compute these sections only")
    evaluate.add_argument("--splits", nargs="+", metavar="SPLIT", help="splits to compare: interaction, pair, time")
    evaluate.add_argument("--annotations", metavar="FOLDER", help="a StickerQueries release, for the text-only check")
    evaluate.add_argument("--translator", metavar="PATH", help="a local folder of Opus-MT en-zh, for a row of Table 3")
    evaluate.add_argument("--clip", metavar="PATH", help="the Chinese-CLIP of a bundle without a text encoder")
    evaluate.add_argument("--export", metavar="FOLDER", help="write the tables as CSV and LaTeX, too")
    evaluate.add_argument("--work", default="build/evaluation", help="folder of the cache (default: build/evaluation)")
    reindex = commands.add_parser("reindex", help="renew the index of a bundle, its meanings and its settings")
    reindex.add_argument("bundle", help="folder of the bundle")
    reindex.add_argument("--encoder", help="another sentence encoder: onnx:FOLDER or onnx:HUB-MODEL, as ONNX")
    reindex.add_argument("--words-only", action="store_true", help="leave meanings and their settings as they are")
    reindex.add_argument("--tune", action="store_true", help="choose the search settings anew on its validation clicks")
    reindex.add_argument("--workers", type=int, default=1, help="processes that analyse texts (default: 1)")
    sends = commands.add_parser("sends", help="simulate who sends what where, and add it to a drawn bundle")
    sends.add_argument("bundle", help="folder of the bundle")
    sends.add_argument("--seed", type=int, default=1, help="of the simulation (default: 1, that of the evidence)")
    annotated = commands.add_parser(
        "sticker-clip", help="fine-tune a Chinese-CLIP on annotations and tell what it gains"
    )
    annotated.add_argument("source", help="a bundle, which gets the figures, or a folder in Sticker820K's format")
    annotated.add_argument(
        "--start",
        metavar="PATH",
        help="what training starts from: a bundle with a small Chinese-CLIP, or the folder of a released one "
        "(default: the bundle itself; for a folder of stickers assets/demo)",
    )
    annotated.add_argument("--profile", default="demo", help="the profile whose recipe is used (default: demo)")
    annotated.add_argument("--work", default="build/sticker-clip", help="folder of the cache, from which it resumes")
    taught = commands.add_parser("retrieving-lm", help="teach the drawn world's language model to retrieve stickers")
    taught.add_argument("bundle", help="folder of the bundle, which gets what is found")
    taught.add_argument("--profile", default="demo", help="the profile whose recipe is used (default: demo)")
    taught.add_argument(
        "--model", default="", help="folder of a released language model, such as Qwen's (default: the bundle's own)"
    )
    taught.add_argument("--work", default="build/retrieving-lm", help="folder of the cache, from which it resumes")
    selector = commands.add_parser("srs", help="train SRS on a bundle's clicks, for the chat's comparison")
    selector.add_argument("bundle", help="folder of the bundle, which gets it")
    selector.add_argument("--work", default="build/srs", help="folder of the cache (default: build/srs)")
    convert = commands.add_parser("convert", help="write a released data set as a table: clicks for --interactions")
    convert.add_argument("kind", choices=KINDS, help="; ".join(f"{kind}: {about}" for kind, about in KINDS.items()))
    convert.add_argument("source", help="folder or file of the release")
    convert.add_argument("--queries", nargs="+", default=[], metavar="CSV", help="StickerQueries, for u-sticker")
    convert.add_argument("--out", required=True, help="the CSV to write")
    for name, about in STAGES.items():
        commands.add_parser(name, parents=[shared], help=about)
    return parser


if __name__ == "__main__":
    sys.exit(main())
