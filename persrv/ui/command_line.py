"""The app's command line: its options, and the retriever that they ask for."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from importlib.metadata import version
from pathlib import Path

from persrv.bundle import Bundle
from persrv.engines.milvus import open_engine
from persrv.engines.milvus.server import DEFAULT_NAME
from persrv.retriever import Retriever

DEMO = Path(__file__).parents[2] / "assets" / "demo"


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line; a port of None lets gradio take GRADIO_SERVER_PORT or a free one."""
    parser = argparse.ArgumentParser(description="Search stickers, personalised and explained.")
    parser.add_argument("--bundle", type=Path, default=DEMO, help="folder of a feature bundle (default: assets/demo)")
    parser.add_argument(
        "--port", type=int, default=None, help="port to listen on (default: GRADIO_SERVER_PORT or a free one)"
    )
    parser.add_argument("--check", action="store_true", help="compare the hashes of a large bundle, too, at opening")
    parser.add_argument(
        "--mcp", action="store_true", help="serve search, compare, explain and suggest as MCP tools, too"
    )
    parser.add_argument("--engine", choices=("local", "milvus"), default="local", help="what recalls (default: local)")
    parser.add_argument("--milvus-uri", default=os.environ.get("MILVUS_URI"), help="http://host:19530, or a file.db")
    parser.add_argument("--milvus-token", default=os.environ.get("MILVUS_TOKEN", ""), help="default: $MILVUS_TOKEN")
    parser.add_argument("--collection", default=DEFAULT_NAME, help=f"what it was loaded as (default: {DEFAULT_NAME})")
    parser.add_argument("--fallback", action="store_true", help="while Milvus does not answer, recall in this process")
    hosts, framed_by = os.environ.get("PERSRV_HOSTS", ""), os.environ.get("PERSRV_FRAMED_BY", "")
    parser.add_argument(
        "--hosts", default=hosts, help="names, between commas, by which the app is called besides localhost (* for any)"
    )
    parser.add_argument(
        "--framed-by", default=framed_by, help="origins, between commas, that may show the page in a frame"
    )
    options = parser.parse_args(arguments)
    if options.engine == "milvus" and not options.milvus_uri:
        parser.error("--engine milvus needs --milvus-uri")
    if options.mcp:
        _require_mcp()
    return options


def _require_mcp() -> None:
    """Exit with the command that installs what MCP tools need, where it is not installed."""
    if importlib.util.find_spec("mcp") is None:
        gradio = f'"gradio[mcp]=={version("gradio")}"'
        sys.exit(f"MCP tools need a package that is not here. Install it: {sys.executable} -m pip install {gradio}")


def bypass_proxies() -> None:
    """Exempt this process from the proxies that the shell's variables name.

    Gradio makes httpx clients while it is imported, and asks its own server while it starts. httpx would send that
    through the proxy, or demand a package for it. The app asks no other host; exemptions that an engine's client may
    need are kept.
    """
    exempt = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = f"{exempt},*" if exempt else "*"


def open_retriever(options: argparse.Namespace) -> Retriever:
    """Open the bundle with the chosen engine behind it; PersrvError where either cannot be used."""
    local = Retriever.open(Bundle.open(options.bundle, hashed=True if options.check else None))
    if options.engine == "local":
        return local
    bundle, second = local.bundle, local.engine if options.fallback else None
    engine = open_engine(bundle, options.milvus_uri, options.milvus_token, options.collection, second)
    return Retriever.open(bundle, engine=engine)
