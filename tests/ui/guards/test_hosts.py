"""A request is answered only where it names the app by a name of its own."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from persrv.ui.guards.hosts import KnownHosts, host_of, known_hosts


def asked(hosts: frozenset[str], host: str) -> int:
    """The status of a request that names a host."""
    app = KnownHosts(Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))]), hosts)
    return TestClient(app).get("/", headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "localhost.", "127.0.0.1:80", "[::1]", "[::1]:7860"])
def test_this_machine_is_known(host: str) -> None:
    assert asked(known_hosts("127.0.0.1"), host) == 200


FOREIGN = [
    "evil.example",
    "localhost.evil.example",
    "evil.example:7860",
    "127.0.0.1.evil.example",
    "evil.example@localhost",
    "evil.example/localhost",
    "localhost/evil.example",
    "",
    "[::1",
    "localhost:port",
    "192.168.1.7",
    "[fe80::1]",
    "127.1",
    "localhost evil",
]


@pytest.mark.parametrize("host", FOREIGN)
def test_any_other_host_is_refused(host: str) -> None:
    assert asked(known_hosts("127.0.0.1"), host) == 400


def test_a_space_and_the_setting_name_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_HOST", "me-persrv.hf.space,stickers.example")
    hosts = known_hosts("0.0.0.0", "One.example, two.example")
    for host in ("me-persrv.hf.space", "stickers.example", "one.example:443", "two.example", "localhost"):
        assert asked(hosts, host) == 200
    for host in ("other.hf.space", "three.example", "sub.one.example"):
        assert asked(hosts, host) == 400


@pytest.mark.parametrize("listening", ["0.0.0.0", "::", "[::]"])
def test_on_every_interface_any_address_is_the_apps_and_no_name(listening: str) -> None:
    hosts = known_hosts(listening)
    assert [asked(hosts, host) for host in ("192.168.1.7:80", "[fd00::7]:80", "10.0.0.3")] == [200, 200, 200]
    assert asked(hosts, "evil.example") == 400


def test_an_app_on_one_address_answers_to_it() -> None:
    hosts = known_hosts("192.168.1.7")
    assert [asked(hosts, host) for host in ("192.168.1.7:7860", "192.168.1.8:7860")] == [200, 400]


def test_any_host_is_known_where_the_setting_says_so() -> None:
    assert asked(known_hosts("127.0.0.1", "*"), "whatever.example") == 200


def test_no_port_and_no_brackets_are_left() -> None:
    assert [host_of(host) for host in ("A.b:1", "[::1]:2", "a", "a:b", "a@b")] == ["a.b", "::1", "a", "", ""]
