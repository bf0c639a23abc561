# SPDX-License-Identifier: Apache-2.0
"""GitLab as an OAuth provider: access tokens for two hours, refresh tokens that rotate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Answer, json_answer
from ...call import Call
from ...consent import consent
from ...credentials import basic_pair
from ...oauth import OAuthFault
from .errors import token_answer

if TYPE_CHECKING:
    from .module import GitLab

_TEXTS = {
    "invalid_grant": "The provided authorization grant is invalid, expired, revoked, does not match the "
    "redirection URI used in the authorization request, or was issued to another client.",
    "invalid_client": "Client authentication failed due to unknown client, no client authentication "
    "included, or unsupported authentication method.",
    "unsupported_grant_type": "The authorization grant type is not supported by the authorization server.",
}


SCOPES = frozenset({"api", "read_api", "read_user", "openid", "profile", "email"})


def authorize(gitlab: "GitLab", call: Call) -> Answer:
    return consent(gitlab, call, SCOPES)


def token(gitlab: "GitLab", call: Call) -> Answer:
    """Form or JSON; the client may also stand in a Basic header."""
    body = dict(call.body or {})
    pair = basic_pair(call.headers)
    if pair is not None:
        body |= {"client_id": pair[0], "client_secret": pair[1]}
    try:
        made = gitlab.tokens.grant(body, frozenset({"api"}))
    except OAuthFault as fault:
        status = 401 if fault.code == "invalid_client" else 400
        return token_answer(status, fault.code, _TEXTS.get(fault.code, fault.description))
    return json_answer(made | {"created_at": int(gitlab.clock.epoch())})


def revoke(gitlab: "GitLab", call: Call) -> Answer:
    """Always 200 with an empty object, as the standard wants."""
    secret = str((call.body or {}).get("token", ""))
    found = gitlab.credentials.find(secret, "oauth")
    if found is not None:
        found.state = "revoked"
    gitlab.tokens.refreshes.pop(secret, None)
    return json_answer({})


def token_info(gitlab: "GitLab", call: Call) -> Answer:
    held = call.credential
    assert held is not None
    if held.kind != "oauth":
        return token_answer(401, "invalid_token", "The access token is invalid")
    left = int((held.expires_at or gitlab.clock.epoch() + 7200) - gitlab.clock.epoch())
    return json_answer(
        {
            "resource_owner_id": int(gitlab.user(held.user).id),
            "scope": sorted(held.scopes),
            "expires_in": left,
            "application": {"uid": "sim-client"},
            "created_at": int(gitlab.clock.epoch()),
            "scopes": sorted(held.scopes),
            "expires_in_seconds": left,
        }
    )
