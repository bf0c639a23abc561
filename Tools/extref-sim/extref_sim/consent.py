# SPDX-License-Identifier: Apache-2.0
"""The page where a user lets an application in: consent is given at once, and leads back with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .answers import Answer, Refusal, html_answer
from .call import Call
from .contract.tables import STRING, RequestTable
from .oauth import CLIENT_ID

if TYPE_CHECKING:
    from .provider import Provider

_ASKED = ("client_id", "redirect_uri", "response_type")
_MORE = ("scope", "state", "prompt", "actor", "code_challenge", "code_challenge_method")
TABLE = RequestTable(query={name: STRING for name in (*_ASKED, *_MORE)}, required=_ASKED)
"""For the route of such a page."""


def consent(provider: "Provider", call: Call, known: frozenset[str], separator: str = " ") -> Answer:
    """302 to redirect_uri with `code` and the given `state`. A wrong application gets a page, never a
    redirect."""
    ask = call.query
    if ask["client_id"] != CLIENT_ID or ask["response_type"] != "code":
        raise _page("client_id or response_type is wrong")
    scopes = frozenset(text for text in ask.get("scope", "").split(separator) if text)
    if not scopes <= known:
        raise _page(f"the requested scope is invalid: {sorted(scopes - known)}")
    challenge = ask.get("code_challenge", "")
    if challenge and ask.get("code_challenge_method") != "S256":
        raise _page("code_challenge_method must be S256")
    code = provider.tokens.new_code(ask["redirect_uri"], scopes, challenge)
    back = {"code": code} | ({"state": ask["state"]} if "state" in ask else {})
    glue = "&" if "?" in ask["redirect_uri"] else "?"
    return Answer(302, b"", {"Location": f"{ask['redirect_uri']}{glue}{urlencode(back)}"})


def _page(text: str) -> Refusal:
    return Refusal(html_answer(f"<html><body><p>{text}</p></body></html>", 400), f"consent page: {text}")
