"""The app starts whatever the shell around it holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import serve

from persrv.ui.command_line import bypass_proxies


@pytest.mark.slow
@pytest.mark.parametrize(
    "variables",
    [
        {"all_proxy": "socks5://127.0.0.1:7890"},
        {"http_proxy": "http://127.0.0.1:9"},
        {"HTTPS_PROXY": "nonsense://", "ALL_PROXY": "socks5h://127.0.0.1:1", "NO_PROXY": "localhost"},
    ],
    ids=["SOCKS", "a dead proxy", "no proxy at all"],
)
def test_the_app_starts_and_answers_whatever_proxies_the_shell_names(
    toy_bundle_path: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    server, _ = serve(toy_bundle_path, tmp_path / "log.txt", variables=variables)
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in (tmp_path / "log.txt").read_text(errors="replace")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "*"),
        ({"no_proxy": "milvus.internal"}, "milvus.internal,*"),
        ({"NO_PROXY": "milvus.internal"}, "milvus.internal,*"),
        ({"no_proxy": "", "NO_PROXY": "milvus.internal"}, "milvus.internal,*"),
    ],
)
def test_exemptions_of_the_shell_are_kept(monkeypatch: pytest.MonkeyPatch, before: dict[str, str], after: str) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, before.get(name, ""))
    bypass_proxies()
    assert (os.environ["no_proxy"], os.environ["NO_PROXY"]) == (after, after)
