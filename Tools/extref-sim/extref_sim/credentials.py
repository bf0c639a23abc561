# SPDX-License-Identifier: Apache-2.0
"""Credentials of the simulated world. All of them are obvious fakes, documented in the README."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Iterable, Mapping

STATES = ("good", "expired", "revoked", "wrong_scope")


@dataclass
class Credential:
    """One token or password and the state its vendor would see it in."""

    secret: str
    kind: str
    """The vendor's word: api_token, pat, oauth, installation, … Providers hold it against the header form."""
    user: str = "alice"
    state: str = "good"
    scopes: frozenset[str] = frozenset()
    expires_at: float | None = None
    """Epoch seconds on the simulator's clock; None never expires."""
    extra: dict[str, object] = field(default_factory=dict)

    def state_at(self, epoch: float) -> str:
        if self.state == "good" and self.expires_at is not None and epoch >= self.expires_at:
            return "expired"
        return self.state


class CredentialTable:
    """All credentials of one provider, by secret."""

    def __init__(self) -> None:
        self._rows: dict[str, Credential] = {}

    def add(self, credential: Credential) -> Credential:
        self._rows[credential.secret] = credential
        return credential

    def add_four_states(
        self,
        kind: str,
        prefix: str,
        user: str = "alice",
        scopes: Iterable[str] = (),
        poor_scopes: Iterable[str] = (),
    ) -> None:
        """`{prefix}-good-token`, `-expired-token`, `-revoked-token`, `-wrong-scope-token` in one line."""
        for state in STATES:
            held = frozenset(poor_scopes if state == "wrong_scope" else scopes)
            self.add(Credential(f"{prefix}-{state.replace('_', '-')}-token", kind, user, state, held))

    def find(self, secret: str | None, *kinds: str) -> Credential | None:
        row = self._rows.get(secret or "")
        return row if row is not None and (not kinds or row.kind in kinds) else None

    def drop(self, secret: str) -> None:
        self._rows.pop(secret, None)

    def clear(self) -> None:
        self._rows.clear()

    def secrets(self) -> Iterable[str]:
        return self._rows.keys()


def split_authorization(headers: Mapping[str, str]) -> tuple[str, str]:
    """(scheme in lower case, rest) of Authorization; a value of one word has the scheme ''."""
    text = headers.get("Authorization", "").strip()
    scheme, space, rest = text.partition(" ")
    return (scheme.lower(), rest.strip()) if space else ("", text)


def basic_pair(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """User and password of a Basic header; None for another scheme or no base64 of `user:password`."""
    scheme, rest = split_authorization(headers)
    if scheme != "basic":
        return None
    try:
        text = base64.b64decode(rest, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    user, colon, password = text.partition(":")
    return (user, password) if colon else None
