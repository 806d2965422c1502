"""Building the page: one main component, the map, and the public endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from persrv.retriever import Retriever
from persrv.ui import document, health, pictures
from persrv.ui.card import route as card
from persrv.ui.endpoints import Page, endpoints
from persrv.ui.guards import closed
from persrv.ui.guards.bodies import BoundedBodies
from persrv.ui.guards.failures import ToldFailures
from persrv.ui.guards.headers import SecurityHeaders, security_headers
from persrv.ui.guards.hosts import KnownHosts, known_hosts
from persrv.ui.map_tab.tab import build_map
from persrv.ui.owner import routes as owner
from persrv.ui.page import build_page
from persrv.ui.service import PageService

#: Fonts that are on the machine already: nothing is fetched.
FONTS = [
    "system-ui",
    "-apple-system",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

FAVICON = Path(__file__).parent / "favicon.svg"


#: Gradio shows its documentation of the endpoints where its button is pressed; at /?view=api it takes the first press
#: for the one that closes.
OPEN_DOCUMENTATION = """
const open = () => {
  const button = document.querySelector("footer .show-api");
  if (!button) return setTimeout(open, 100);
  button.click();
  if (!location.search.includes("view=api")) button.click();
};
open();
"""


#: Seconds between two looks for requests to the endpoints. Gradio looks every millisecond, which keeps a twentieth of a
#: processor busy while nobody asks.
QUEUE_INTERVAL = 0.01


def build_demo(retriever: Retriever, service: PageService | None = None) -> gr.Blocks:
    """Build the page over a retriever, ready to be launched with `launch_options(retriever)`."""
    service = service or PageService(retriever)
    if retriever.bundle.places is None:
        gr.set_static_paths(retriever.bundle.path / "images")

    with Page(title="PerSRV", analytics_enabled=False, fill_width=True) as demo:
        gr.HTML('<a href="./">PerSRV</a>', js_on_load=OPEN_DOCUMENTATION)  # Gradio's own page is opened for it alone
        build_page(service)
        if retriever.map_xy is not None:
            build_map(service)
        for endpoint in endpoints(retriever):
            api(endpoint, api_name=endpoint.__name__)
    demo.queue(max_size=64, default_concurrency_limit=4)
    demo._queue.sleep_when_free = QUEUE_INTERVAL
    return demo


#: Bytes from which an answer is compressed: on a slow line the page itself is most of the wait.
LARGE = 20_000


def launch_options(
    retriever: Retriever | None = None,
    host: str = "127.0.0.1",
    hosts: str = "",
    framed_by: str = "",
    service: PageService | None = None,
) -> dict[str, Any]:
    """The arguments of `launch` that guard the page, make it look as meant, and ask no other host for anything.

    Without the retriever, neither its health nor cards nor pictures that lie in shards are served. host: what the app
    listens on; hosts: other names of this app, between commas; framed_by: origins that may show it in a frame, between
    commas; service: whose bundle its owner may edit, None for nobody.
    """
    theme = gr.themes.Base(font=FONTS, font_mono=MONO).set(
        body_background_fill="#f5f6f8", body_background_fill_dark="#0f1115", block_background_fill="transparent"
    )
    return {
        "app_kwargs": {
            "routes": [
                *closed.routes(),
                *document.routes(),
                *((health.route(retriever), *pictures.routes(retriever.bundle)) if retriever else ()),
                *(owner.routes(service) if service else ()),
                *((card.route(retriever, framed_by),) if retriever else ()),
            ],
            "middleware": [
                Middleware(SecurityHeaders, headers=security_headers(framed_by)),
                Middleware(KnownHosts, hosts=known_hosts(host, hosts)),
                Middleware(BoundedBodies),
                Middleware(GZipMiddleware, minimum_size=LARGE, compresslevel=5),
                Middleware(ToldFailures),
            ],
        },
        "theme": theme,
        "favicon_path": FAVICON,
        "footer_links": ["api"],
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
        "enable_monitoring": False,
        "quiet": True,
    }
