"""The app: open a bundle, build the page over it, launch. Composition only.

`python app.py [--bundle FOLDER] [--port PORT] [--mcp]`; the port also comes from GRADIO_SERVER_PORT, else a free one is
taken. With --mcp the public endpoints are MCP tools, too. With --engine milvus a cluster recalls (docs/scale.md).
"""

from __future__ import annotations

import gc
import os
import sys

from persrv.errors import PersrvError
from persrv.ui.allocator import return_freed_memory
from persrv.ui.command_line import bypass_proxies, open_retriever, parse
from persrv.ui.gradio_import import importing_gradio
from persrv.ui.guards.connections import limit_time
from persrv.ui.owner.routes import open_edits
from persrv.ui.service import PageService, warm_up_beside


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted; where the bundle or the port cannot be used, exit with a sentence that says why."""
    options = parse(arguments)
    bypass_proxies()
    return_freed_memory()
    try:
        retriever = open_retriever(options)
        service = PageService(retriever, engine=options.engine)
        open_edits(service)
        gc.disable()  # what is made from here on stays: looking through it again and again is a tenth of the start
        warm_up_beside(service)  # while Gradio is imported, which takes most of the start
        with importing_gradio():
            from persrv.ui.build import build_demo, launch_options
    except PersrvError as error:
        sys.exit(str(error))
    demo = build_demo(retriever, service)
    host = os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if "SPACE_ID" in os.environ else "127.0.0.1")
    try:
        _, address, _ = demo.launch(
            server_name=host,
            server_port=options.port,
            prevent_thread_lock=True,
            mcp_server=options.mcp or None,  # None: as the variable GRADIO_MCP_SERVER says
            **launch_options(retriever, host, options.hosts, options.framed_by, service),
        )
    except (OSError, OverflowError) as error:
        advice = "Choose another port with app.py --port, or leave it to us; another host with GRADIO_SERVER_NAME."
        sys.exit(f"The app cannot listen on {host}: {error} {advice}")
    limit_time(demo.server)
    gc.freeze()
    gc.enable()
    print(f"PerSRV is at {address}", flush=True)  # noqa: T201
    demo.block_thread()


if __name__ == "__main__":
    main()
