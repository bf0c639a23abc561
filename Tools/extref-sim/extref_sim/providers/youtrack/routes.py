# SPDX-License-Identifier: Apache-2.0
"""All addresses of the YouTrack module. No document of the vendor was at hand: the tables follow its
pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...contract.tables import BOOLEAN, INTEGER, STRING, STRINGS, RequestTable
from ...routing import NONE, REQUIRED, Route
from . import admin, issues

if TYPE_CHECKING:
    from .module import YouTrack

_FIELDS = {"fields": STRING}
_PAGES = {**_FIELDS, "$top": INTEGER, "$skip": INTEGER}
_ANY: dict[str, Any] = {"type": "object"}
_ISSUE = {
    "type": "object",
    "properties": {
        "project": _ANY,
        "summary": {"type": ["string", "null"]},
        "description": {"type": ["string", "null"]},
        "customFields": {"type": "array", "items": _ANY},
        "tags": {"type": "array", "items": _ANY},
        "usesMarkdown": BOOLEAN,
        "$type": STRING,
    },
    "additionalProperties": False,
}
_COMMENT = {
    "type": "object",
    "properties": {"text": STRING, "usesMarkdown": BOOLEAN, "visibility": _ANY, "$type": STRING},
    "additionalProperties": False,
}
_COUNT = {"type": "object", "properties": {"query": STRING}, "additionalProperties": False}
_MUTED = {**_FIELDS, "muteUpdateNotifications": BOOLEAN, "draftId": STRING}


def _table(query: dict[str, Any], body: dict[str, Any] | None = None) -> RequestTable:
    return RequestTable(query=query, body=body)


def routes(youtrack: "YouTrack") -> Iterator[Route]:
    one = "/issues/{id}"
    comment = one + "/comments/{comment_id}"
    listed = {**_PAGES, "query": STRING, "customFields": STRINGS}
    rows: list[tuple[str, str, Any, RequestTable]] = [
        ("GET", "/users/me", admin.me, _table(_FIELDS)),
        ("GET", "/users", admin.users, _table({**_PAGES, "query": STRING})),
        ("GET", "/issues", issues.listed, _table(listed)),
        ("POST", "/issues", issues.create, _table(_MUTED, _ISSUE)),
        ("GET", one, issues.show, _table({**_FIELDS, "customFields": STRINGS})),
        ("POST", one, issues.update, _table(_MUTED, _ISSUE)),
        ("GET", one + "/comments", issues.comments, _table(_PAGES)),
        ("POST", one + "/comments", issues.add_comment, _table(_MUTED, _COMMENT)),
        ("POST", comment, issues.edit_comment, _table(_MUTED, _COMMENT)),
        ("DELETE", comment, issues.delete_comment, _table({})),
        ("POST", "/issuesGetter/count", issues.count, _table(_FIELDS, _COUNT)),
        ("GET", "/admin/projects", admin.projects, _table({**_PAGES, "query": STRING})),
        ("GET", "/admin/projects/{id}", admin.project_shown, _table(_FIELDS)),
        ("GET", "/admin/projects/{id}/customFields", admin.project_fields, _table(_PAGES)),
        ("GET", "/tags", admin.tags, _table({**_PAGES, "query": STRING})),
    ]
    for method, path, handler, table in rows:
        bound = _bound(youtrack, handler)
        yield from youtrack.mounted(("/youtrack/api",), method, path, bound, REQUIRED, table=table)
    config = _bound(youtrack, admin.config)
    yield youtrack.route("GET", "/youtrack/api/config", config, auth=NONE, table=_table(_FIELDS))


def _bound(youtrack: "YouTrack", handler: Any) -> Any:
    return lambda call: handler(youtrack, call)
