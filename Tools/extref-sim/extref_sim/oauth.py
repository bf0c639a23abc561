# SPDX-License-Identifier: Apache-2.0
"""OAuth token endpoints: lifetimes, rotating refresh tokens, revocation."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .credentials import Credential

if TYPE_CHECKING:
    from .provider import Provider

CLIENT_ID, CLIENT_SECRET, AUTH_CODE = "sim-client", "sim-client-secret", "sim-auth-code"


def _challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class OAuthFault(Exception):
    """An RFC 6749 error: `code` is invalid_grant, invalid_client, unsupported_grant_type, invalid_request."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass
class RefreshToken:
    secret: str
    user: str
    scopes: frozenset[str]
    dies_at: float | None = None
    """When it has been used with rotation: it still works until then (leeway)."""


class TokenService:
    """Issues access tokens as credentials of its provider; steered by `POST /_sim/tokens/{provider}`."""

    def __init__(self, provider: "Provider") -> None:
        self.provider = provider
        self.lifetime = 3600
        self.rotate = True
        self.leeway = 0.0
        self.kind = "oauth"
        self.failing: str | None = None
        self.refreshes: dict[str, RefreshToken] = {}
        self.codes: dict[str, tuple[str, frozenset[str]]] = {}
        self.challenges: dict[str, str] = {}
        self._count = 0

    def allow_refresh(self, secret: str, user: str = "alice", scopes: frozenset[str] = frozenset()) -> None:
        """Makes a refresh token known, as if a user had consented earlier."""
        self.refreshes[secret] = RefreshToken(secret, user, scopes)

    def configure(self, values: dict[str, Any]) -> None:
        """lifetime, rotate, leeway, fail (an OAuth error code or null), revoke (true: every token issued)."""
        self.lifetime = values.get("lifetime", self.lifetime)
        self.rotate = values.get("rotate", self.rotate)
        self.leeway = values.get("leeway", self.leeway)
        self.failing = values.get("fail", self.failing)
        if values.get("revoke"):
            self.refreshes.clear()
            for secret in list(self.provider.credentials.secrets()):
                row = self.provider.credentials.find(secret, self.kind)
                if row is not None:
                    row.state = "revoked"

    def grant(self, form: dict[str, Any], scopes: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The token answer for a decoded body: authorization_code, refresh_token or client_credentials."""
        if self.failing:
            raise OAuthFault(self.failing, "The simulator was told to refuse.")
        kind = form.get("grant_type")
        if form.get("client_id") != CLIENT_ID or form.get("client_secret", CLIENT_SECRET) != CLIENT_SECRET:
            raise OAuthFault("invalid_client", "Client authentication failed.")
        if kind == "refresh_token":
            return self._refresh(str(form.get("refresh_token", "")))
        if kind == "authorization_code":
            return self._issue("alice", self._redeemed(form, scopes), True)
        if kind == "client_credentials":
            if form.get("client_secret") is None:
                raise OAuthFault("invalid_client", "client_secret is missing.")
            return self._issue("alice", scopes, False)
        raise OAuthFault("unsupported_grant_type", f"grant_type {kind!r} is not supported.")

    def new_code(self, redirect_uri: str, scopes: frozenset[str], challenge: str = "") -> str:
        """A code for one use, as a consent page hands it out; it holds for that redirect_uri only, and with a
        challenge (PKCE, S256) for whoever knows its verifier."""
        code = f"{self.provider.name}-code-{len(self.codes) + 1}-{self.provider.random.randrange(10**6):06d}"
        self.codes[code] = (redirect_uri, scopes)
        self.challenges[code] = challenge
        return code

    def _redeemed(self, form: dict[str, Any], scopes: frozenset[str]) -> frozenset[str]:
        """The scopes behind a code. AUTH_CODE always works, for tests that skip the consent page."""
        if form.get("code") == AUTH_CODE:
            return scopes
        redirect_uri, granted = self.codes.pop(str(form.get("code")), (None, scopes))
        if redirect_uri is None or redirect_uri != form.get("redirect_uri"):
            raise OAuthFault(
                "invalid_grant", "The code is unknown, was used, or belongs to another redirect_uri."
            )
        challenge = self.challenges.pop(str(form.get("code")), "")
        if challenge and challenge != _challenge_of(str(form.get("code_verifier", ""))):
            raise OAuthFault("invalid_grant", "The code_verifier does not fit the code_challenge.")
        return granted

    def _refresh(self, secret: str) -> dict[str, Any]:
        row = self.refreshes.get(secret)
        now = self.provider.clock.epoch()
        if row is None or row.dies_at is not None and now >= row.dies_at:
            raise OAuthFault("invalid_grant", "Unknown or invalid refresh token.")
        if not self.rotate:
            return {**self._issue(row.user, row.scopes, False), "refresh_token": secret}
        row.dies_at = row.dies_at if row.dies_at is not None else now + self.leeway
        return self._issue(row.user, row.scopes, True)

    def _issue(self, user: str, scopes: frozenset[str], with_refresh: bool) -> dict[str, Any]:
        self._count += 1
        now = self.provider.clock.epoch()
        access = f"{self.provider.name}-access-{self._count}"
        self.provider.credentials.add(
            Credential(access, self.kind, user, "good", scopes, now + self.lifetime)
        )
        answer = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "scope": " ".join(sorted(scopes)),
        }
        if with_refresh:
            answer["refresh_token"] = f"{self.provider.name}-refresh-{self._count}"
            self.allow_refresh(answer["refresh_token"], user, scopes)
        return answer
