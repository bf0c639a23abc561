# SPDX-License-Identifier: Apache-2.0
"""All addresses of the Shortcut module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...contract.tables import BOOLEAN, STRING, RequestTable
from ...routing import Route
from . import account, hooks, search, stories

if TYPE_CHECKING:
    from .module import Shortcut


def routes(shortcut: "Shortcut") -> Iterator[Route]:
    one = "/api/v3/stories/{story-public-id}"
    text = {
        "type": "object",
        "properties": {"text": STRING},
        "required": ["text"],
        "additionalProperties": False,
    }
    comment = one + "/comments/{comment-public-id}"
    hook = "/api/v3/integrations/webhook"
    rows: list[tuple[str, str, Any, RequestTable | None]] = [
        ("GET", "/api/v3/member", account.me, None),
        (
            "GET",
            "/api/v3/members",
            account.members,
            RequestTable({"disabled": BOOLEAN, "org-public-id": STRING}),
        ),
        ("GET", "/api/v3/members/{member-public-id}", account.member, None),
        ("GET", "/api/v3/workflows", account.workflows, None),
        ("GET", "/api/v3/projects", account.projects, None),
        ("GET", "/api/v3/groups", account.groups, None),
        ("GET", "/api/v3/labels", account.labels, RequestTable({"slim": BOOLEAN})),
        ("POST", "/api/v3/stories", stories.create, None),
        ("POST", "/api/v3/stories/bulk", stories.create_many, None),
        ("POST", "/api/v3/stories/search", search.filtered, None),
        ("GET", "/api/v3/search/stories", search.searched, None),
        ("GET", "/api/v3/external-link/stories", search.by_link, None),
        ("GET", one, stories.show, None),
        ("PUT", one, stories.update, None),
        ("DELETE", one, stories.delete, RequestTable()),
        ("GET", one + "/comments", stories.comments, RequestTable()),
        ("POST", one + "/comments", stories.add_comment, None),
        ("GET", hook, hooks.listed, RequestTable()),
        ("GET", hook + "/{integration-public-id}", hooks.show, RequestTable()),
        ("DELETE", hook + "/{integration-public-id}", hooks.delete, RequestTable()),
        ("PUT", comment, stories.edit_comment, RequestTable(body=text)),
        ("DELETE", comment, stories.delete_comment, RequestTable()),
    ]
    for method, path, handler, table in rows:
        bound = _bound(shortcut, handler)
        yield from shortcut.mounted(("/shortcut",), method, path, bound, table=table)

    made = {"type": "object", "properties": {"webhook_url": STRING, "secret": STRING}}
    table = RequestTable(body=made | {"required": ["webhook_url"], "additionalProperties": False})
    bound = _bound(shortcut, hooks.create)
    yield from shortcut.mounted(("/shortcut",), "POST", hook, bound, table=table, secret_body=True)


def _bound(shortcut: "Shortcut", handler: Any) -> Any:
    return lambda call: handler(shortcut, call)
