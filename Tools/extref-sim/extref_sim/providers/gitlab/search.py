# SPDX-License-Identifier: Apache-2.0
"""The search endpoints, of which only `scope=issues` is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Answer, Refusal
from ...call import Call
from . import auth
from .errors import parameter_answer
from .issues import filtered, seen
from .pages import paged
from .render import issue_json

if TYPE_CHECKING:
    from .module import GitLab

_SCOPES = ("projects", "issues", "merge_requests", "milestones", "snippet_titles", "users", "blobs", "notes")


def everywhere(gitlab: "GitLab", call: Call) -> Answer:
    return _searched(gitlab, call, None)


def in_project(gitlab: "GitLab", call: Call) -> Answer:
    return _searched(gitlab, call, auth.found_project(gitlab, call).key)


def _searched(gitlab: "GitLab", call: Call, key: str | None) -> Answer:
    scope = call.query["scope"]
    if scope not in _SCOPES:
        raise Refusal(parameter_answer("scope does not have a valid value"), f"scope {scope}")
    if len(call.query["search"].strip()) < 2:
        call.violations.append("a search of less than two characters finds nothing much")
    rows = [row for row in seen(gitlab, call) if key in (None, row.project)] if scope == "issues" else []
    rows = sorted(filtered(gitlab, rows, call.query), key=lambda row: row.created, reverse=True)
    return paged(call, rows, lambda row: issue_json(gitlab, row, gitlab.web(call)))
