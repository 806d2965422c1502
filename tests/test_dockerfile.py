"""The Dockerfile, without Docker: what it copies is there and enough, and its health check is a program that tells."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
STEPS = [
    line.split(maxsplit=1) for line in (ROOT / "Dockerfile").read_text().splitlines() if re.match(r"[A-Z]+ ", line)
]


def steps(name: str) -> list[str]:
    return [rest for step, rest in STEPS if step == name]


def copied() -> list[str]:
    return [source for rest in steps("COPY") for source in rest.split()[:-1]]


def test_what_is_copied_is_there_and_passes_the_dockerignore() -> None:
    kept = re.findall(r"(?m)^!(.+)$", (ROOT / ".dockerignore").read_text())
    assert len(copied()) > 4
    for source in copied():
        assert (ROOT / source).exists(), source
        assert source.partition("/")[0] in kept, source


def test_it_installs_by_hash_before_the_code_and_runs_as_nobody_in_particular() -> None:
    order = [" ".join(step) for step in STEPS]
    install = next(step for step in order if "pip install" in step)
    assert "--require-hashes -r requirements.lock" in install
    assert order.index(install) < order.index("COPY persrv persrv")
    assert order.index("USER app") < order.index(f"CMD {steps('CMD')[0]}")
    assert json.loads(steps("CMD")[0]) == ["python", "app.py"]


def test_the_health_check_fails_where_nothing_answers() -> None:
    command = json.loads(steps("HEALTHCHECK")[0].split(" CMD ")[1])
    assert "http://127.0.0.1:7860/healthz" in command[-1]
    elsewhere = command[-1].replace(":7860", ":9")
    assert subprocess.run([sys.executable, *command[1:-1], elsewhere], capture_output=True).returncode != 0


def test_compose_serves_the_port_and_the_bundle_that_the_image_has() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["persrv"]
    (port,) = steps("EXPOSE")
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"GRADIO_SERVER_PORT={port}" in steps("ENV")[0]
    assert service["volumes"][0].split(":")[-2] == f"{steps('WORKDIR')[0]}/assets/demo"
    assert service["read_only"]
