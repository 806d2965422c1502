"""Find what pip cannot install, and install it with the system's package manager where we may.

    python scripts/system_packages.py drawing chromium

`drawing`: fonts and the two libraries skia needs, for building the demo catalogue and for its tests.
`chromium`: the browser of the page's tests; where the package manager cannot bring it, Playwright's own download.
Exits with 1 and the command to type when something is still missing: never silently.
"""

from __future__ import annotations

import argparse
import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

FONT_FILES = {
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "fonts-smiley-sans": "/usr/share/fonts/truetype/smiley-sans/SmileySans-Oblique.ttf",
    "fonts-lxgw-wenkai": "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Bold.ttf",
    "fonts-unifont": "/usr/share/fonts/opentype/unifont/unifont.otf",
}
LIBRARIES = {"libegl1": "EGL", "libgl1": "GL"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Path of a Chromium: $CHROMIUM, an installed one, or Playwright's own; None where there is none."""
    installed = [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)]
    found = next((path for path in installed if path and Path(path).is_file()), None) or _playwright_chromium()
    return found if found and Path(found).is_file() else None


def _playwright_chromium() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def missing_for_drawing() -> list[str]:
    """Debian packages whose files the drawing code needs and does not find."""
    fonts = [package for package, file in FONT_FILES.items() if not Path(file).is_file()]
    return fonts + [package for package, name in LIBRARIES.items() if not ctypes.util.find_library(name)]


def apt_install(packages: list[str]) -> bool:
    """Install with apt-get as root or through passwordless sudo; False where neither is possible or apt fails."""
    if not shutil.which("apt-get"):
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-q"], install):
        if subprocess.run([*prefix, *command], env=environment, stdout=sys.stderr, check=False).returncode:
            return False
    return True


def ensure_drawing() -> str | None:
    """Install what drawing needs; return None if all of it is there, else a sentence on what is missing."""
    packages = missing_for_drawing()
    if packages and apt_install(packages):
        packages = missing_for_drawing()
    if not packages:
        return None
    return f"Drawing needs {', '.join(packages)}. Type: sudo apt-get install {' '.join(packages)}"


def ensure_chromium() -> str | None:
    """Install a Chromium; return None if there is one, else a sentence on what to do."""
    if find_chromium() or (apt_install(["chromium", "fonts-noto-cjk"]) and find_chromium()):
        return None
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(download, check=False).returncode == 0 and find_chromium():
        return None
    return "The page's tests need a Chromium and none could be installed. Install one, or set CHROMIUM=/path/to/it."


NEEDS = {"drawing": ensure_drawing, "chromium": ensure_chromium}


def main() -> int:
    """Ensure every need named on the command line; 1 when one is not met."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("needs", nargs="+", choices=sorted(NEEDS))
    failures = [message for need in parser.parse_args().needs if (message := NEEDS[need]())]
    for message in failures:
        sys.stderr.write(message + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
