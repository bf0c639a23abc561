# SPDX-License-Identifier: Apache-2.0
"""Who asks: personal and project tokens in PRIVATE-TOKEN or as Bearer, OAuth tokens as Bearer only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Refusal
from ...call import Call
from ...credentials import split_authorization
from ...routing import OPTIONAL
from ...world import Project
from .errors import message_answer, not_found, token_answer

if TYPE_CHECKING:
    from .module import GitLab

ANY = "any"
"""A route that every live token may ask, whatever its scopes (a token reading about itself)."""
_READ = ("api", "read_api")
_WRITE = ("api",)
_TOO_LITTLE = "The request requires higher privileges than provided by the access token."


def authenticate(gitlab: "GitLab", call: Call) -> None:
    private = call.headers.get("PRIVATE-TOKEN")
    scheme, rest = split_authorization(call.headers)
    if private is None and not rest and "Authorization" not in call.headers:
        if call.route.auth != OPTIONAL:
            raise Refusal(message_answer(401, "401 Unauthorized"))
        return
    kinds = ("pat",) if private is not None else ("pat", "oauth")
    secret = private if private is not None else rest if scheme == "bearer" else ""
    found = gitlab.credentials.find(secret, *kinds)
    if found is None:
        raise Refusal(message_answer(401, "401 Unauthorized"))
    state = found.state_at(gitlab.clock.epoch())
    if state == "expired":
        text = "Token is expired. You can either do re-authorization or token refresh."
        raise Refusal(token_answer(401, "invalid_token", text))
    if state == "revoked":
        text = "Token was revoked. You have to re-authorize from the user."
        raise Refusal(token_answer(401, "invalid_token", text))
    call.credential = found
    check_scope(call, call.route.scopes or (_READ if call.method == "GET" else _WRITE))


def check_scope(call: Call, wanted: tuple[str, ...]) -> None:
    """403 insufficient_scope, which names what would have done."""
    if call.credential is None or ANY in wanted or set(wanted) & call.credential.scopes:
        return
    raise Refusal(token_answer(403, "insufficient_scope", _TOO_LITTLE, " ".join(wanted)))


def may_see(call: Call, project: Project) -> bool:
    """Members see a project; project tokens their own; everybody the public ones."""
    if not project.visible:
        return False
    if project.extra.get("public"):
        return True
    if call.credential is None:
        return False
    own = call.credential.extra.get("project")
    return own is None or own == project.id


def found_project(gitlab: "GitLab", call: Call) -> Project:
    """By id or path. The old path of a renamed one redirects reads to the id."""
    asked = call.params["id"]
    project = gitlab.by_id(asked) if asked.isdigit() else gitlab.by_path(asked)
    if project is not None:
        if not may_see(call, project):
            raise not_found("Project Not Found")
        return project
    moved = next((row for row in gitlab.world.projects.values() if gitlab.was_called(row, asked)), None)
    if moved is None or not may_see(call, moved):
        raise not_found("Project Not Found")
    if call.method != "GET":
        raise Refusal(message_answer(405, "405 Non GET methods are not allowed for moved projects"))
    raise Refusal(gitlab.moved_answer(call, moved))
