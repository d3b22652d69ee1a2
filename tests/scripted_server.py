"""A server that says what a test tells it to, over a real socket; events tell what it sees, so that no test sleeps."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_S = 20.0
"""Longer than anything takes; a test that waits for it has failed."""


def chunk(text: str = "", finish: str | None = None) -> str:
    """A piece of a streamed answer, as the protocol has it."""
    said = {
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
        "object": "chunk",
        "id": "1",
    }
    return f"data: {json.dumps(said)}\n\n"


def answer(*pieces: str, finish: str | None = "stop") -> "Reply":
    """A whole answer."""
    end = [chunk(finish=finish), "data: [DONE]\n\n"] if finish else []
    return Reply(chunks=(*map(chunk, pieces), *end))


def refusal(status: int, message: str, **headers: str) -> "Reply":
    """An error of the protocol."""
    return Reply(
        status=status, chunks=(json.dumps({"error": {"message": message}}),), kind="application/json", headers=headers
    )


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server does with a request. `silent`: after the chunks it says nothing more and keeps the line open."""

    status: int = 200
    chunks: Iterable[str] = ()
    kind: str = "text/event-stream"
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False


class ScriptedServer(ThreadingHTTPServer):
    """Gives its replies one after the other, the last again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = []
        self.asked: list[dict[str, Any]] = []
        self.seen_headers: list[Message[str, str]] = []
        self.models: object = {"object": "list", "data": [{"id": "first", "object": "model"}, {"id": "second"}]}
        self.waiting = threading.Event()
        self.closed = threading.Event()

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def do_GET(self) -> None:
        self.server.seen_headers.append(self.headers)
        self._send(Reply(chunks=(json.dumps(self.server.models),), kind="application/json"))

    def do_POST(self) -> None:
        self.server.seen_headers.append(self.headers)
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        replies = self.server.replies
        self._send(replies.pop(0) if len(replies) > 1 else replies[0])

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, "Connection": "close", **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for piece in reply.chunks:
                self.wfile.write(piece.encode())
                self.wfile.flush()
        except ConnectionError:
            self.server.closed.set()
            return
        if reply.silent:
            self.server.waiting.set()
            self.connection.settimeout(PATIENCE_S)
            if self.connection.recv(1) == b"":
                self.server.closed.set()


@contextmanager
def serving() -> Iterator[ScriptedServer]:
    """The server while it runs."""
    with ScriptedServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
