"""Publish the app over a bundle as a Hugging Face Space, or bring a Space up to date.

python scripts/publish.py OWNER/NAME                    # the embedded bundle, public, on ZeroGPU
python scripts/publish.py OWNER/NAME --bundle FOLDER    # a bundle of one's own, private unless --public
python scripts/publish.py OWNER/NAME --dry-run          # list the files and make the checks; ask the Hub nothing

The token is that of `hf auth login`, or $HF_TOKEN. All files become one commit, after their contents are uploaded: a
Space either changes wholly or stays as it is, and after an interruption the same command goes on, without sending again
what the Hub holds. (`upload_folder` of huggingface_hub commits a large folder in parts, and a Space would start each.)
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import space_contents
from lock import ROOT

from persrv.errors import PersrvError

if TYPE_CHECKING:
    from huggingface_hub import HfApi

EMBEDDED = ROOT / "assets" / "demo"

#: Hardware that is free for everybody (docs/space.md).
ZERO_GPU = "zero-a10g"

#: A Space that holds this file was published from here; one that holds only these was just made.
OURS = "persrv/retriever.py"
EMPTY = {".gitattributes", "README.md"}


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("space", metavar="OWNER/NAME", help="the Space to make, or to bring up to date")
    parser.add_argument("--bundle", type=Path, default=EMBEDDED, help="folder of a bundle (default: assets/demo)")
    parser.add_argument("--hardware", help=f"the Hub's name of it (default: {ZERO_GPU} for a new Space)")
    parser.add_argument("--public", action="store_true", help="show a bundle of one's own to everybody")
    parser.add_argument("--precompute", action="store_true", help="upload the code that builds bundles, too")
    parser.add_argument("--replace", action="store_true", help="replace another app's files in a Space of yours")
    parser.add_argument("--dry-run", action="store_true", help="list files and bytes, make the checks, upload nothing")
    parser.add_argument("--folder", type=Path, help="with --dry-run: write the Space's files into this folder, too")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[\w.-]{1,96}/[\w.-]{1,96}", options.space):
        parser.error(f"{options.space!r} is no name of a Space. Expected OWNER/NAME, such as someone/persrv.")
    return options


def publish(options: argparse.Namespace) -> None:
    """Check everything, then upload; PersrvError where one of both fails."""
    found = space_contents.contents(options.bundle, options.precompute)
    if options.dry_run:
        for name, content in sorted(found.items()):
            say(f"{space_contents.size(content):>12,}  {name}")
    for passed in space_contents.check(found, options.bundle):
        say(passed)
    if not options.dry_run:
        say(f"{options.space} is at {upload(options, found)}")
    elif options.folder:
        space_contents.write(found, options.folder)
        say(f"Written into {options.folder}; nothing was uploaded.")
    else:
        say("Nothing was uploaded.")


def upload(options: argparse.Namespace, found: space_contents.Contents) -> str:
    """Make the Space if there is none, and commit all files at once; returns its address."""
    from huggingface_hub import HfApi

    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT"))
    private = options.bundle.resolve() != EMBEDDED and not options.public
    with hub_errors(options.space):
        check_owner(api, options.space)
        there = state(api, options.space)
        if there is None:
            make(api, options.space, private, options.hardware or ZERO_GPU)
        else:
            check_space(api, options, there, private)
        commit(api, options.space, found, stale=(there or set()) - EMPTY - set(found))
        if there is not None and options.hardware:
            api.request_space_hardware(options.space, options.hardware)
    return f"{api.endpoint}/spaces/{options.space}"


def check_owner(api: HfApi, space: str) -> None:
    """PersrvError without a token that may write where the Space is to lie."""
    from huggingface_hub import get_token

    if get_token() is None:
        raise PersrvError("No token for the Hub", "one that may write", "Run hf auth login, or set HF_TOKEN.")
    me = api.whoami()
    owner, names = space.partition("/")[0], [me["name"], *(each["name"] for each in me.get("orgs", ()))]
    if owner.lower() not in [name.lower() for name in names]:
        raise PersrvError(
            f"The token is of {me['name']}, and {owner} is not theirs",
            f"a Space of {' or '.join(names)}",
            "Choose another name, or another account's token.",
        )
    if me.get("auth", {}).get("accessToken", {}).get("role") == "read":
        raise PersrvError("The token may only read", "one that may write", "Make one in the Hub's settings.")


def state(api: HfApi, space: str) -> set[str] | None:
    """The names of the Space's files; None if there is no such Space."""
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        return set(api.list_repo_files(space, repo_type="space"))
    except RepositoryNotFoundError:
        return None


def make(api: HfApi, space: str, private: bool, hardware: str) -> None:
    """Make an empty Space."""
    api.create_repo(space, repo_type="space", space_sdk="gradio", space_hardware=hardware, private=private)  # type: ignore[arg-type]
    say(f"Made {space}, {'private' if private else 'public'}, on {hardware}")


def check_space(api: HfApi, options: argparse.Namespace, there: set[str], private: bool) -> None:
    """PersrvError where another app's files would be lost, or a private bundle be shown."""
    if OURS not in there and not there <= EMPTY and not options.replace:
        raise PersrvError(
            f"{options.space} holds another app ({len(there)} files)",
            "a new name, or a Space that this command made",
            "Choose another name, or replace its files with --replace.",
        )
    if private and not api.space_info(options.space).private:
        raise PersrvError(
            f"{options.space} is public, and the bundle is your own",
            "a private Space",
            "Make it private in its settings, or show the bundle to everybody with --public.",
        )


def commit(api: HfApi, space: str, found: space_contents.Contents, stale: set[str]) -> None:
    """Upload what the Hub does not hold yet, then change the Space in one commit."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    operations: list[Any] = [CommitOperationDelete(name) for name in sorted(stale)]
    operations += [
        CommitOperationAdd(name, content if isinstance(content, bytes) else str(content))
        for name, content in sorted(found.items())
    ]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*data file")  # the bundle's tables belong there
        api.create_commit(space, operations, commit_message="Publish PerSRV", repo_type="space")


@contextmanager
def hub_errors(space: str) -> Iterator[None]:
    """Turn whatever the Hub or the way to it does into one sentence."""
    from huggingface_hub.errors import HfHubHTTPError, HTTPError

    advice = "The Space is as it was. The same command goes on where this one ended."
    try:
        yield
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status == 402:
            advice = "Free accounts have ZeroGPU only: --hardware zero-a10g (docs/space.md)."
        told = " ".join((error.server_message or str(error)).split())
        raise PersrvError(f"The Hub refused {space} ({status}): {told.rstrip('.')}", "its consent", advice) from None
    except (HTTPError, OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error.__cause__ or error).split())[:300]
        raise PersrvError(f"The upload to {space} broke off: {reason.rstrip('.')}", "an answer", advice) from None


def say(line: str) -> None:
    """Write a line for the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Publish; the exit status is 0, or 1 with one sentence."""
    try:
        publish(parse(arguments))
    except PersrvError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted. The Space is as it was. The same command goes on.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
