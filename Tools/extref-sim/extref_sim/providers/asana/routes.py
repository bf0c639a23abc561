# SPDX-License-Identifier: Apache-2.0
"""All addresses of the Asana module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...contract.tables import STRING, STRINGS, RequestTable
from ...routing import Route
from . import batch, finding, hooks, linking, tasks

if TYPE_CHECKING:
    from .module import Asana


def routes(asana: "Asana") -> Iterator[Route]:
    opt = {"opt_fields": STRINGS, "opt_pretty": STRING}
    text = {"type": "object", "properties": {"data": {"type": "object"}}, "required": ["data"]}
    rows: list[tuple[str, str, Any, RequestTable | None]] = [
        ("GET", "/users/{user_gid}", finding.user, None),
        ("GET", "/workspaces", finding.workspaces, None),
        ("GET", "/projects", finding.projects, None),
        ("GET", "/projects/{project_gid}/sections", finding.sections, RequestTable(opt)),
        ("GET", "/workspaces/{workspace_gid}/users", finding.users, RequestTable(opt)),
        ("GET", "/workspaces/{workspace_gid}/tasks/search", finding.search, None),
        ("GET", "/workspaces/{workspace_gid}/typeahead", finding.typeahead, None),
        ("GET", "/tasks", tasks.listed, None),
        ("POST", "/tasks", tasks.create, None),
        ("GET", "/tasks/{task_gid}", tasks.show, None),
        ("PUT", "/tasks/{task_gid}", tasks.update, None),
        ("DELETE", "/tasks/{task_gid}", tasks.delete, RequestTable()),
        ("GET", "/tasks/{task_gid}/stories", linking.stories, None),
        ("POST", "/tasks/{task_gid}/stories", linking.add_story, None),
        ("PUT", "/stories/{story_gid}", linking.edit_story, RequestTable(opt, body=text)),
        ("DELETE", "/stories/{story_gid}", linking.delete_story, RequestTable()),
        ("POST", "/attachments", linking.attach, None),
        ("GET", "/attachments", linking.attachments, RequestTable({**opt, "parent": STRING}, ("parent",))),
        ("DELETE", "/attachments/{attachment_gid}", linking.detach, RequestTable()),
        ("POST", "/batch", batch.batch, None),
        ("GET", "/webhooks", hooks.listed, None),
        ("POST", "/webhooks", hooks.create, None),
        ("GET", "/webhooks/{webhook_gid}", hooks.show, None),
        ("DELETE", "/webhooks/{webhook_gid}", hooks.delete, None),
    ]
    for method, path, handler, table in rows:
        yield from asana.mounted(("/asana/api/1.0",), method, path, _bound(asana, handler), table=table)


def _bound(asana: "Asana", handler: Any) -> Any:
    return lambda call: handler(asana, call)
