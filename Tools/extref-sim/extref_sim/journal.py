# SPDX-License-Identifier: Apache-2.0
"""What was asked of the simulator: every request, and never a credential."""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import Any, Iterable, Mapping

from .credentials import split_authorization
from .limits import JOURNAL_BODY_BYTES_MAX, JOURNAL_ENTRIES_MAX

SHOWN_HEADERS = (
    "accept",
    "content-type",
    "user-agent",
    "x-github-api-version",
    "if-none-match",
    "if-modified-since",
    "x-atlassian-token",
    "x-tfs-fedauthredirect",
    "x-requested-with",
    "prefer",
)
_SCHEMES = ("basic", "bearer", "token", "negotiate")
_KEY_HEADERS = ("private-token", "x-redmine-api-key", "shortcut-token", "x-bugzilla-api-key", "job-token")
_NAMES = (
    "access_token|refresh_token|client_secret|client_assertion|code_verifier|api_key|bugzilla_api_key|token"
    "|password|secret|private_token|signing_token|basicauthpassword|authorization_header"
)
_QUERY_SECRET = re.compile(rf"((?:^|[?&])(?:{_NAMES}|code)=)[^&]*", re.IGNORECASE)
_JSON_SECRET = re.compile(rf'("(?:{_NAMES})"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
_GRAPHQL_SECRET = re.compile(r'(\bsecret\s*:\s*\\?")[^"\\]*')
WITHHELD = "<withheld>"


def auth_scheme(headers: Mapping[str, str]) -> str | None:
    """`Basic`, `Bearer`, `token`, the name of a key header, `raw` for a bare value; None without any."""
    if "Authorization" in headers:
        scheme, _ = split_authorization(headers)
        known = scheme if scheme in _SCHEMES else ""
        return {"basic": "Basic", "bearer": "Bearer"}.get(known, known or "raw")
    return next((name for name in _KEY_HEADERS if name in headers), None)


class Journal:
    """The last requests, and counts of all of them."""

    def __init__(self) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=JOURNAL_ENTRIES_MAX)
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.seq = 0

    def record(self, entry: dict[str, Any], template: str, secrets: Iterable[str]) -> dict[str, Any]:
        """Adds the entry with its number; every text in it is cleaned of the given secrets."""
        self.seq += 1
        known = [secret for secret in secrets if len(secret) >= 6]
        entry = {"seq": self.seq, **{name: cleaned(value, known) for name, value in entry.items()}}
        self.entries.append(entry)
        self.counts[(entry["provider"], entry["method"], template)] += 1
        return entry

    def shown(self, provider: str | None, path: str | None, since: int) -> list[dict[str, Any]]:
        """Entries after `since`, of the provider, whose path matches the regular expression."""
        wanted = re.compile(path) if path else None
        return [
            entry
            for entry in self.entries
            if entry["seq"] > since
            and (provider is None or entry["provider"] == provider)
            and (wanted is None or wanted.search(entry["path"]))
        ]

    def counted(self) -> list[dict[str, Any]]:
        return [
            {"provider": provider, "method": method, "route": route, "count": count}
            for (provider, method, route), count in sorted(self.counts.items())
        ]

    def clear(self) -> None:
        """Forgets entries and counts; numbers go on, so that `since` stays meaningful."""
        self.entries.clear()
        self.counts.clear()


def shown_body(raw: bytes, secret: bool) -> str:
    """The body as text within the journal's bound."""
    if secret:
        return f"{WITHHELD} {len(raw)} bytes"
    text = raw[:JOURNAL_BODY_BYTES_MAX].decode("utf-8", "replace")
    return text if len(raw) <= JOURNAL_BODY_BYTES_MAX else f"{text}… {len(raw)} bytes in all"


def cleaned(value: Any, secrets: list[str]) -> Any:
    """The value with known secrets and values of secret-sounding names withheld."""
    if isinstance(value, list):
        return [cleaned(item, secrets) for item in value]
    if isinstance(value, dict):
        return {name: cleaned(item, secrets) for name, item in value.items()}
    if not isinstance(value, str):
        return value
    for secret in secrets:
        value = value.replace(secret, WITHHELD)
    value = _QUERY_SECRET.sub(rf"\1{WITHHELD}", value)
    value = _GRAPHQL_SECRET.sub(rf"\1{WITHHELD}", value)
    return _JSON_SECRET.sub(rf'\1"{WITHHELD}"', value)
