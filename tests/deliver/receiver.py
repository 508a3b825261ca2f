"""A receiver of webhooks as somebody else would write it: the signature is checked by the Standard Webhooks library."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = "whsec_c3BhbndpY2VzcGFud2ljZXNwYW53aWNlc3Bhbg=="


@dataclass
class Receiver:
    """What it took, in order of arrival. Answers with `answer` to what contains a key of it."""

    port: int
    events: list[Mapping[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """Of the arrivals, in seconds since 1970."""
    answers: dict[bytes, tuple[int, Mapping[str, str]]] = field(default_factory=dict)
    tried: int = 0
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events"

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                if receiver._server is None:  # a connection that is kept open outlives the server
                    self.close_connection = True
                    return
                body = self.rfile.read(int(self.headers["content-length"]))
                status, more = receiver.take(body, dict(self.headers.items()))
                self.send_response(status)
                for name, value in {**more, "content-length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def take(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str]]:
        with self._lock:
            self.tried += 1
            for text, answer in self.answers.items():
                if text in body:
                    return answer
            try:
                event = Webhook(SECRET).verify(body, dict(headers))
            except WebhookVerificationError:
                return 401, {}
            self.events.append(event)
            self.times.append(time.time())
            self.headers.append({name.lower(): value for name, value in headers.items()})
            return 204, {}
