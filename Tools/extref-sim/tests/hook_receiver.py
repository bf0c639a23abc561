# SPDX-License-Identifier: Apache-2.0
"""A receiver of webhooks for tests: keeps what arrives, byte by byte, so that signatures can be checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Delivery:
    headers: Any
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    def signed_by(self, secret: str, header: str = "X-Hub-Signature-256", prefix: str = "sha256=") -> bool:
        """Whether the header holds the hex HMAC-SHA256 of the raw body."""
        code = hmac.new(secret.encode(), self.raw, hashlib.sha256).hexdigest()
        return self.headers.get(header) == prefix + code

    def signed_by_standard(self, secret: str) -> bool:
        """Standard Webhooks: `v1,` and base64 over id, timestamp and body."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.raw
        code = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{code}"


class Receiver:
    """`with Receiver() as receiver:` listens on a free port; `echo` names request headers to answer with."""

    def __init__(self, echo: tuple[str, ...] = ()) -> None:
        arrived: queue.Queue[Delivery] = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200)
                for name in echo:
                    if name in self.headers:
                        self.send_header(name, self.headers[name])
                self.send_header("Content-Length", "0")
                self.end_headers()
                arrived.put(Delivery(self.headers, raw))

            def log_message(self, *_: Any) -> None:
                """Silent."""

        self._arrived = arrived
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next(self, seconds: float = 5) -> Delivery:
        return self._arrived.get(timeout=seconds)

    def none_left(self, seconds: float = 0.2) -> bool:
        """Whether nothing more arrives within that time."""
        try:
            self._arrived.get(timeout=seconds)
        except queue.Empty:
            return True
        return False
