# SPDX-License-Identifier: Apache-2.0
"""One request on its way through the simulator."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Mapping
from urllib.parse import parse_qsl, unquote

from .credentials import Credential


@dataclass
class Call:
    """What handlers read. Path and query are kept raw too: `%2F` in a GitLab project must survive routing."""

    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    raw: bytes
    origin: str
    """`http://host:port` as the client wrote it; absolute links in answers start with it."""
    params: dict[str, str] = field(default_factory=dict)
    """Path parameters of the matched route, percent-decoded."""
    query: dict[str, Any] = field(default_factory=dict)
    """Query parameters with the contract's types (int, bool, list); plain strings without a contract."""
    body: Any = None
    """The decoded JSON or form body, or None."""
    credential: Credential | None = None
    """Who asks; None is an anonymous request."""
    route: Any = None
    violations: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    """Free for providers: what one step wants to tell a later one."""

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def query_items(self) -> list[tuple[str, str]]:
        """The query as sent: repeated names stay repeated."""
        return parse_qsl(self.raw_query, keep_blank_values=True)

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()

    def decode_body(self) -> None:
        """Reads JSON and forms into `body`. A broken JSON text leaves None and sets notes['json_error']."""
        if not self.raw:
            return
        if self.media_type == "application/x-www-form-urlencoded":
            self.body = dict(parse_qsl(self.raw.decode("utf-8", "replace"), keep_blank_values=True))
        elif self.media_type.endswith("json"):
            try:
                self.body = json.loads(self.raw)
            except (ValueError, UnicodeDecodeError) as fault:
                self.notes["json_error"] = str(fault)
