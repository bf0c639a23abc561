# SPDX-License-Identifier: Apache-2.0
"""Project webhooks as GitLab's API makes them: with a secret token, with a signing token, or both."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from ...answers import Answer, Refusal, empty_answer, json_answer
from ...call import Call
from ...webhooks import Subscription
from ...world import Project
from .auth import found_project
from .errors import message_answer, not_found
from .pages import paged
from .render import stamp

if TYPE_CHECKING:
    from .module import GitLab

_EVENTS = ("issues_events", "confidential_issues_events", "note_events", "push_events")
_KEY_BYTES = 32


def listed(gitlab: "GitLab", call: Call) -> Answer:
    project = found_project(gitlab, call)
    return paged(call, _of(gitlab, project), _hook_json)


def create(gitlab: "GitLab", call: Call) -> Answer:
    """push_events is on by default, everything else off."""
    project = found_project(gitlab, call)
    _check_url(call.body["url"])
    events = {name: call.body.get(name, name == "push_events") for name in _EVENTS}
    extra = {"events": events, "project": project.id, "at": stamp(gitlab.clock.now())}
    row = gitlab.sim.hooks.add(gitlab.name, call.body["url"], "", "none", extra=extra)
    _set_tokens(gitlab, row, call.body)
    return json_answer(_hook_json(row), 201, content_type="application/json")


def show(gitlab: "GitLab", call: Call) -> Answer:
    return json_answer(_hook_json(_found(gitlab, call)))


def edit(gitlab: "GitLab", call: Call) -> Answer:
    row = _found(gitlab, call)
    if "url" in call.body:
        _check_url(call.body["url"])
        row.url = call.body["url"]
    row.extra["events"] |= {name: call.body[name] for name in _EVENTS if name in call.body}
    _set_tokens(gitlab, row, call.body)
    return json_answer(_hook_json(row))


def delete(gitlab: "GitLab", call: Call) -> Answer:
    gitlab.sim.hooks.remove(_found(gitlab, call).id)
    return empty_answer()


def _set_tokens(gitlab: "GitLab", row: Subscription, body: dict[str, Any]) -> None:
    """The signing token wins as proof; the plain one goes on in its own header."""
    signing = body.get("signing_token")
    if signing and not gitlab.settings["signing_tokens"]:
        signing = None  # the feature flag is off: the attribute is not known
    if signing:
        _check_key(signing)
        row.scheme, row.secret = "gitlab_signing", signing
        row.extra["signing"] = True
    if body.get("token"):
        row.extra["token"] = True
        if row.scheme == "gitlab_signing":
            row.headers["X-Gitlab-Token"] = body["token"]
        else:
            row.scheme, row.secret = "gitlab_token", body["token"]


def _check_key(text: str) -> None:
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        problem = {"signing_token": ["must be whsec_ followed by 32 bytes in base64"]}
        raise Refusal(message_answer(422, problem), "signing_token")


def _check_url(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise Refusal(message_answer(422, {"url": ["is blocked: Only allowed schemes are http, https"]}))


def _of(gitlab: "GitLab", project: Project) -> list[Subscription]:
    return [row for row in gitlab.sim.hooks.of(gitlab.name) if row.extra.get("project") == project.id]


def _found(gitlab: "GitLab", call: Call) -> Subscription:
    project = found_project(gitlab, call)
    found = next((row for row in _of(gitlab, project) if str(row.id) == call.params["hook_id"]), None)
    if found is None:
        raise not_found()
    return found


def _hook_json(row: Subscription) -> dict[str, Any]:
    """Neither token is ever shown again."""
    return {
        "id": row.id,
        "url": row.url,
        "name": None,
        "description": None,
        "created_at": row.extra["at"],
        "project_id": int(row.extra["project"]),
        "alert_status": "executable",
        "disabled_until": None,
        "enable_ssl_verification": True,
        "url_variables": [],
        "custom_headers": [],
        "token_present": bool(row.extra.get("token")),
        "signing_token_present": bool(row.extra.get("signing")),
        "branch_filter_strategy": "wildcard",
        "push_events_branch_filter": None,
        **row.extra["events"],
        "merge_requests_events": False,
        "tag_push_events": False,
        "confidential_note_events": False,
        "job_events": False,
        "pipeline_events": False,
    }
