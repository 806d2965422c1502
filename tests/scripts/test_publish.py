"""Publishing to a hub on the loopback: what is uploaded, what is refused with a sentence, and what stays as it was."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import fake_hub
import huggingface_hub.constants
import lock
import publish
import pytest
import space_contents
import toy
from fake_hub import FakeHub, Space

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    """The hub, and a machine that holds its token. Xet, which nothing here speaks, is off."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_TOKEN_PATH", str(tmp_path / "no token"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with fake_hub.running() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        monkeypatch.setenv("HF_TOKEN", fake_hub.TOKEN)
        yield running


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return toy.write_toy(tmp_path).path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bundle: Path) -> Run:
    """Publish the toy bundle; the status, and what was said. pip, which asks an index, is asked elsewhere."""
    monkeypatch.setattr(space_contents, "without_wheel", lambda *_: None)

    def publishing(*arguments: str) -> tuple[int, str, str]:
        status = publish.main([*arguments, "--bundle", str(bundle)])
        return status, *capsys.readouterr()

    return publishing


def test_a_new_space_holds_the_app_its_packages_the_bundle_and_the_card(hub: FakeHub, run: Run, bundle: Path) -> None:
    status, told, _ = run("someone/toy")
    assert (status, told.splitlines()[-1]) == (0, f"someone/toy is at {hub.address}/spaces/someone/toy")
    space = hub.spaces["someone/toy"]
    assert (space.private, space.hardware, len(space.commits)) == (True, "zero-a10g", 1)
    assert {name.partition("/")[0] for name in space.files} == {
        ".gitattributes", "LICENSE", "NOTICE", "README.md", "app.py", "assets", "persrv", "requirements.txt",
    }  # fmt: skip
    for path in bundle.rglob("*"):
        if path.is_file():
            assert space.files[f"assets/demo/{path.relative_to(bundle).as_posix()}"] == path.read_bytes()
    card = space.files["README.md"].decode()
    assert card.startswith("---\ntitle: PerSRV\n")
    assert f"\nsdk_version: {lock.versions(ROOT / 'requirements.txt')['gradio']}\n" in card


def test_the_space_installs_every_locked_version_without_hashes_and_its_own_package_freely(run: Run) -> None:
    locked = lock.requirements(ROOT / "requirements-space.lock")
    lines = [line for line in space_contents.installed().splitlines() if not line.startswith("#")]
    (own,) = set(locked) - set(lines)
    assert own.startswith("spaces==")
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ;.*)?", line) for line in lines)


def test_publishing_again_is_one_more_commit_without_what_is_gone(hub: FakeHub, run: Run) -> None:
    run("someone/toy")
    hub.spaces["someone/toy"].files["persrv/gone"] = b""
    hub.received.clear()
    assert run("someone/toy", "--hardware", "cpu-upgrade")[0] == 0
    space = hub.spaces["someone/toy"]
    assert "persrv/gone" not in space.files
    assert ".gitattributes" in space.files
    assert (len(space.commits), space.hardware, hub.received) == (2, "cpu-upgrade", [])


def test_after_an_interruption_nothing_has_changed_and_the_same_command_goes_on(
    hub: FakeHub, run: Run, bundle: Path
) -> None:
    run("someone/toy")
    before = dict(hub.spaces["someone/toy"].files)
    hub.contents.clear()
    hub.received.clear()
    hub.breaks_after = 2
    status, _, said = run("someone/toy")
    assert status == 1
    assert "The same command goes on where this one ended." in said
    assert (hub.spaces["someone/toy"].files, len(hub.spaces["someone/toy"].commits)) == (before, 1)
    first, hub.breaks_after = set(hub.received), None
    hub.received.clear()
    assert run("someone/toy")[0] == 0
    assert len(first) == 2
    assert hub.received
    assert first.isdisjoint(hub.received), "what the hub held was sent again"
    assert len(hub.spaces["someone/toy"].commits) == 2


def test_a_dry_run_lists_files_and_bytes_asks_the_hub_nothing_and_writes_the_folder(
    hub: FakeHub, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    status, told, _ = run("someone/toy", "--dry-run", "--folder", str(tmp_path / "space"))
    assert (status, hub.spaces) == (0, {})
    listed = {name: int(count.replace(",", "")) for count, name in re.findall(r"(?m)^ *([\d,]+)  (\S+)$", told)}
    written = {path.relative_to(tmp_path / "space").as_posix(): path for path in (tmp_path / "space").rglob("*")}
    assert listed == {name: path.stat().st_size for name, path in written.items() if path.is_file()}
    assert f"sizes: {len(listed):,} files, {sum(listed.values()):,} bytes" in told
    for check in ("bundle: ", "card: ", "packages: "):
        assert f"\n{check}" in told


def test_the_code_that_builds_goes_along_when_asked(hub: FakeHub, run: Run) -> None:
    assert run("someone/toy", "--precompute")[0] == 0
    assert "precompute/__main__.py" in hub.spaces["someone/toy"].files
    assert not any(name.startswith("tests/") for name in hub.spaces["someone/toy"].files)


def refused(run: Run, *arguments: str) -> str:
    """The one sentence, with its advice, that a run ends with."""
    status, _, said = run(*arguments)
    assert status == 1
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1
    assert "Expected " in said
    return said


def test_without_a_token(hub: FakeHub, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert "hf auth login" in refused(run, "someone/toy")
    monkeypatch.setenv("HF_TOKEN", "hf_of_nobody")
    assert "(401)" in refused(run, "someone/toy")
    monkeypatch.setenv("HF_TOKEN", fake_hub.READER)
    assert "may only read" in refused(run, "someone/toy")
    assert hub.spaces == {}


def test_a_name_that_is_not_ours(hub: FakeHub, run: Run) -> None:
    assert "of someone, and google is not theirs" in refused(run, "google/toy")
    hub.spaces["someone/other"] = Space(private=True, files={"README.md": b"", "app.py": b"print()"})
    assert "another app" in refused(run, "someone/other")
    assert set(hub.spaces["someone/other"].files) == {"README.md", "app.py"}
    assert run("someone/other", "--replace")[0] == 0
    assert run("Stickers/toy")[0] == 0


def test_a_bundle_of_ones_own_is_not_shown_to_everybody_by_chance(hub: FakeHub, run: Run) -> None:
    hub.spaces["someone/toy"] = Space(private=False)
    assert "--public" in refused(run, "someone/toy")
    assert hub.spaces["someone/toy"].commits == []
    assert run("someone/toy", "--public")[0] == 0


def test_hardware_that_must_be_paid(hub: FakeHub, run: Run) -> None:
    hub.paid_only = True
    assert "zero-a10g" in refused(run, "someone/toy", "--hardware", "cpu-basic")


def test_a_bundle_that_does_not_verify(hub: FakeHub, run: Run, bundle: Path) -> None:
    (picture,) = sorted((bundle / "images").iterdir())[:1]
    picture.write_bytes(b"\0" * picture.stat().st_size)
    assert "python -m persrv verify" in refused(run, "someone/toy")
    shutil.rmtree(bundle)
    assert str(bundle) in refused(run, "someone/toy")
    assert hub.spaces == {}


@pytest.mark.parametrize(
    ("limit", "said"),
    [("MAX_FILE", "a file"), ("MAX_BYTES", "disk"), ("MAX_FILES", "in one commit"), ("MAX_ENTRIES", "a folder")],
)
def test_files_over_the_hubs_limits(
    hub: FakeHub, run: Run, monkeypatch: pytest.MonkeyPatch, limit: str, said: str
) -> None:
    monkeypatch.setattr(space_contents, limit, 5)
    assert said in refused(run, "someone/toy")
    assert hub.spaces == {}


@pytest.mark.parametrize("line", ["sdk_version: 5.0.0", 'python_version: "3.9"', "app_file: none.py", "colorTo: mauve"])
def test_a_card_that_does_not_fit(hub: FakeHub, run: Run, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    name = line.partition(":")[0]
    wrong = re.sub(rf"(?m)^{name}:.*$", line, space_contents.front_matter())
    monkeypatch.setattr(space_contents, "front_matter", lambda: wrong)
    assert "README.md" in refused(run, "someone/toy") or name in ("app_file", "colorTo")
    assert hub.spaces == {}


def test_a_package_without_a_wheel(hub: FakeHub, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space_contents, "without_wheel", lambda *_: "No matching distribution found for toy==1.0")
    assert "toy==1.0" in refused(run, "someone/toy")


def test_a_hub_that_is_not_there(hub: FakeHub, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert "The same command goes on" in refused(run, "someone/toy")


@pytest.mark.parametrize("name", ["toy", "a/b/c", "some one/toy", "../toy/x"])
def test_what_is_no_name(run: Run, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(name)
    assert "Expected OWNER/NAME" in capsys.readouterr().err
