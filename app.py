"""The app: open a bundle, build the page over it, launch. Composition only.

`python app.py [--bundle FOLDER] [--port PORT] [--mcp]`; the port also comes from GRADIO_SERVER_PORT, else a free one is
taken. With --mcp the public endpoints are MCP tools, too. With --engine milvus a cluster recalls (docs/scale.md).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import threading
from importlib.metadata import version
from pathlib import Path

from persrv.engines.milvus import open_engine
from persrv.engines.milvus.server import DEFAULT_NAME
from persrv.errors import PersrvError
from persrv.retriever import Retriever
from persrv.ui.service import PageService, warm_up

try:
    from persrv.ui.build import build_demo, launch_options
except ValueError as unreadable:  # gradio reads its environment while it is imported
    if "GRADIO_SERVER_PORT" not in os.environ:
        raise
    sys.exit(f"GRADIO_SERVER_PORT is no port: {unreadable}. Expected a number such as 7860. Correct it, or unset it.")

DEMO = Path(__file__).parent / "assets" / "demo"


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted; where the bundle or the port cannot be used, exit with a sentence that says why."""
    options = parse(arguments)
    if options.mcp and importlib.util.find_spec("mcp") is None:
        gradio = f'"gradio[mcp]=={version("gradio")}"'
        sys.exit(f"MCP tools need a package that is not here. Install it: {sys.executable} -m pip install {gradio}")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    try:
        retriever = open_retriever(options)
    except PersrvError as error:
        sys.exit(str(error))
    service = PageService(retriever, engine=options.engine)
    demo = build_demo(retriever, service)
    threading.Thread(target=warm_up, args=(service,), name="warm-up", daemon=True).start()
    host = os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if "SPACE_ID" in os.environ else "127.0.0.1")
    try:
        _, address, _ = demo.launch(
            server_name=host,
            server_port=options.port,
            prevent_thread_lock=True,
            mcp_server=options.mcp or None,  # None: as the variable GRADIO_MCP_SERVER says
            **launch_options(retriever),
        )
    except (OSError, OverflowError) as error:
        advice = "Choose another port with app.py --port, or leave it to us; another host with GRADIO_SERVER_NAME."
        sys.exit(f"The app cannot listen on {host}: {error} {advice}")
    print(f"PerSRV is at {address}", flush=True)  # noqa: T201
    demo.block_thread()


def open_retriever(options: argparse.Namespace) -> Retriever:
    """The door to the bundle, with the engine that was asked for behind it."""
    local = Retriever.open(options.bundle)
    if options.engine == "local":
        return local
    bundle, second = local.bundle, local.engine if options.fallback else None
    engine = open_engine(bundle, options.milvus_uri, options.milvus_token, options.collection, second)
    return Retriever.open(bundle, engine=engine)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The command line; a port of None lets gradio take GRADIO_SERVER_PORT or a free one."""
    parser = argparse.ArgumentParser(description="Search stickers, personalised and explained.")
    parser.add_argument("--bundle", type=Path, default=DEMO, help="folder of a feature bundle (default: assets/demo)")
    parser.add_argument(
        "--port", type=int, default=None, help="port to listen on (default: GRADIO_SERVER_PORT or a free one)"
    )
    parser.add_argument("--mcp", action="store_true", help="serve search, compare and explain as MCP tools, too")
    parser.add_argument("--engine", choices=("local", "milvus"), default="local", help="what recalls (default: local)")
    parser.add_argument("--milvus-uri", default=os.environ.get("MILVUS_URI"), help="http://host:19530, or a file.db")
    parser.add_argument("--milvus-token", default=os.environ.get("MILVUS_TOKEN", ""), help="default: $MILVUS_TOKEN")
    parser.add_argument("--collection", default=DEFAULT_NAME, help=f"what it was loaded as (default: {DEFAULT_NAME})")
    parser.add_argument("--fallback", action="store_true", help="while Milvus does not answer, recall in this process")
    options = parser.parse_args(arguments)
    if options.engine == "milvus" and not options.milvus_uri:
        parser.error("--engine milvus needs --milvus-uri")
    return options


if __name__ == "__main__":
    main()
