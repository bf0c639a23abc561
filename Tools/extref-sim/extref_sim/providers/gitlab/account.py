# SPDX-License-Identifier: Apache-2.0
"""The connection test: the best self-description of all vendors."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from .errors import message_answer
from .render import BORN, stamp, user_json

if TYPE_CHECKING:
    from .module import GitLab


def me(gitlab: "GitLab", call: Call) -> Answer:
    assert call.credential is not None
    user = gitlab.user(call.credential.user)
    more = {"created_at": BORN, "bot": bool(user.extra.get("bot")), "email": user.email}
    return json_answer(user_json(user, gitlab.web(call)) | more, content_type="application/json")


def token(gitlab: "GitLab", call: Call) -> Answer:
    """`GET /personal_access_tokens/self`: scopes and expiry; OAuth tokens have another place."""
    held = call.credential
    assert held is not None
    if held.kind != "pat":
        text = "400 Bad request - This endpoint requires token type to be a personal access token"
        raise Refusal(message_answer(400, text))
    ends = datetime.fromtimestamp(held.expires_at or 4_000_000_000, gitlab.clock.now().tzinfo)
    return json_answer(
        {
            "id": 4217,
            "name": "extref",
            "revoked": False,
            "created_at": BORN,
            "description": None,
            "scopes": sorted(held.scopes),
            "user_id": int(gitlab.user(held.user).id),
            "last_used_at": stamp(gitlab.clock.now()),
            "active": True,
            "expires_at": f"{ends:%Y-%m-%d}",
        },
        content_type="application/json",
    )


def version(gitlab: "GitLab", call: Call) -> Answer:
    return json_answer({"version": gitlab.settings["version"], "revision": "abcdef0123"})


def metadata(gitlab: "GitLab", call: Call) -> Answer:
    kas = {"enabled": False, "externalUrl": None, "externalK8sProxyUrl": None, "version": None}
    made = {"version": gitlab.settings["version"], "revision": "abcdef0123", "kas": kas}
    return json_answer(made | {"enterprise": gitlab.settings["version"].endswith("-ee")})
