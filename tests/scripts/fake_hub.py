"""A hub on the loopback that knows what publishing asks of it: accounts, Spaces, contents by hash, and commits."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

TOKEN = "hf_of_someone"
READER = "hf_that_only_reads"


@dataclass
class Space:
    """A Space: its files now, the files of every commit, and how it was made."""

    private: bool = False
    hardware: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[dict[str, bytes]] = field(default_factory=list)


@dataclass
class FakeHub:
    """State of the fake hub. breaks_after: the number of contents after which the hub refuses all; None: it takes any
    number.
    """

    address: str = ""
    spaces: dict[str, Space] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)
    breaks_after: int | None = None
    paid_only: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def running() -> Iterator[FakeHub]:
    """A hub that answers until the block ends."""
    hub = FakeHub()

    class Handler(Answers):
        pass

    Handler.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield hub
    server.shutdown()
    server.server_close()


class Answers(BaseHTTPRequestHandler):
    """Handler of requests to the hub."""

    hub: FakeHub
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together, or the body waits for the head's acknowledgement

    def log_message(self, *told: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/api/whoami-v2":
            return self._whoami()
        name = re.match(r"/api/spaces/([\w.-]+/[\w.-]+)", path)
        space = self.hub.spaces.get(name[1]) if name else None
        if space is None:
            return self._answer({"error": "Repository not found"}, 404, {"X-Error-Code": "RepoNotFound"})
        if "/tree/" in path:
            tree = [{"type": "file", "path": each, "size": len(space.files[each]), "oid": "0"} for each in space.files]
            return self._answer(tree)
        return self._answer({"id": name[1], "private": space.private, "sha": "0" * 40, "siblings": []})  # type: ignore[index]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path == "/api/validate-yaml":
            return self._answer({"errors": [], "warnings": []})
        if path == "/api/repos/create":
            return self._create(json.loads(body))
        name = re.match(r"(?:/api)?/spaces/([\w.-]+/[\w-]+)", path)
        assert name, path
        if "/preupload/" in path:
            return self._preupload(json.loads(body))
        if path.endswith("/objects/batch"):
            return self._batch(json.loads(body))
        if path.endswith("/hardware"):
            self.hub.spaces[name[1]].hardware = json.loads(body)["flavor"]
            return self._answer({"stage": "BUILDING", "hardware": {}})
        assert "/commit/" in path, path
        return self._commit(name[1], [json.loads(line) for line in body.splitlines()])

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        oid = self.path.rpartition("/")[2]
        with self.hub.lock:
            broken = self.hub.breaks_after is not None and len(self.hub.received) >= self.hub.breaks_after
            if not broken:
                assert hashlib.sha256(body).hexdigest() == oid
                self.hub.contents[oid] = body
                self.hub.received.append(oid)
        if broken:
            return self._answer({"error": "the line is gone"}, 403)
        return self._answer({})

    def _whoami(self) -> None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token not in (TOKEN, READER):
            return self._answer({"error": "Invalid credentials"}, 401)
        role = "read" if token == READER else "write"
        me = {"name": "someone", "orgs": [{"name": "stickers"}], "auth": {"accessToken": {"role": role}}}
        return self._answer(me)

    def _create(self, asked: dict[str, Any]) -> None:
        if self.hub.paid_only and asked.get("hardware") != "zero-a10g":
            return self._answer({"error": "A subscription is needed."}, 402)
        name = f"{asked['organization']}/{asked['name']}"
        self.hub.spaces[name] = Space(asked.get("visibility") == "private", asked.get("hardware"))
        self.hub.spaces[name].files = {".gitattributes": b"*.png filter=lfs\n", "README.md": b"---\nsdk: gradio\n---\n"}
        return self._answer({"url": f"{self.hub.address}/spaces/{name}"})

    def _preupload(self, asked: dict[str, Any]) -> None:
        told = []
        for file in asked["files"]:
            binary = b"\0" in base64.b64decode(file["sample"])
            told.append({"path": file["path"], "uploadMode": "lfs" if binary else "regular", "shouldIgnore": False})
        return self._answer({"files": told})

    def _batch(self, asked: dict[str, Any]) -> None:
        told = []
        for each in asked["objects"]:
            upload = {"upload": {"href": f"{self.hub.address}/contents/{each['oid']}"}}
            told.append({**each, **({} if each["oid"] in self.hub.contents else {"actions": upload})})
        return self._answer({"transfer": "basic", "objects": told})

    def _commit(self, name: str, lines: list[dict[str, Any]]) -> None:
        space = self.hub.spaces[name]
        files = dict(space.files)
        for line in lines:
            value = line["value"]
            if line["key"] == "deletedFile":
                del files[value["path"]]
            elif line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.hub.contents[value["oid"]]
        space.files = files
        space.commits.append(files)
        return self._answer({"commitUrl": f"{self.hub.address}/spaces/{name}/commit/{'1' * 40}", "commitOid": "1" * 40})

    def _answer(self, told: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
