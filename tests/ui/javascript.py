"""The page's modules without a browser, in the Node that Playwright carries: nothing has to be installed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

from persrv.ui import assets

NODE = Path(compute_driver_executable()[0])

#: Reads [addresses of modules, a function, its arguments] and writes what the function returns.
PROGRAM = """
let input = "";
for await (const piece of process.stdin) input += piece;
const [modules, source, values] = JSON.parse(input);
for (const module of modules) Object.assign(globalThis, await import(module));
process.stdout.write(JSON.stringify((0, eval)(source)(...values)));
"""


def call(modules: list[str], function: str, *values: object) -> Any:
    """Call a JavaScript function with these values; the function sees by name what these modules of the page export."""
    addresses = [(assets.FOLDER / name).as_uri() for name in modules]
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", PROGRAM],
        input=json.dumps([addresses, function, values]),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
