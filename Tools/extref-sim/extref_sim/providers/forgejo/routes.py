# SPDX-License-Identifier: Apache-2.0
"""All addresses of the Forgejo module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...answers import Answer, json_answer
from ...call import Call
from ...contract.tables import STRING, RequestTable
from ...routing import NONE, OPTIONAL, REQUIRED, Route
from . import hooks, issues, repos

if TYPE_CHECKING:
    from .module import Forgejo

_API = ("/forgejo/api/v1",)
_REPO = "/repos/{owner}/{repo}"
_ISSUES = ("read:issue",)
_WRITES = ("write:issue",)


def routes(forgejo: "Forgejo") -> Iterator[Route]:
    one, hook = _REPO + "/issues/{index}", _REPO + "/hooks/{id}"
    rows: list[tuple[str, str, Any, str, tuple[str, ...]]] = [
        ("GET", "/version", _version, NONE, ()),
        ("GET", "/settings/api", _settings, NONE, ()),
        ("GET", "/user", repos.me, REQUIRED, ("read:user",)),
        ("GET", "/repos/search", repos.search, OPTIONAL, ("read:repository",)),
        ("GET", "/repos/issues/search", issues.search, OPTIONAL, _ISSUES),
        ("GET", _REPO, repos.show, OPTIONAL, ("read:repository",)),
        ("GET", _REPO + "/labels", repos.labels, OPTIONAL, _ISSUES),
        ("GET", _REPO + "/assignees", repos.assignees, OPTIONAL, ("read:repository",)),
        ("GET", _REPO + "/issue_config", repos.issue_config, OPTIONAL, _ISSUES),
        ("GET", _REPO + "/pulls/{index}", repos.pull, OPTIONAL, ("read:repository",)),
        ("GET", _REPO + "/issues", issues.listed, OPTIONAL, _ISSUES),
        ("POST", _REPO + "/issues", issues.create, REQUIRED, _WRITES),
        ("GET", one, issues.show, OPTIONAL, _ISSUES),
        ("PATCH", one, issues.edit, REQUIRED, _WRITES),
        ("GET", one + "/comments", issues.comments, OPTIONAL, _ISSUES),
        ("POST", one + "/comments", issues.add_comment, REQUIRED, _WRITES),
        ("GET", _REPO + "/hooks", hooks.listed, REQUIRED, ("read:repository",)),
        ("POST", _REPO + "/hooks", hooks.create, REQUIRED, ("write:repository",)),
        ("GET", hook, hooks.show, REQUIRED, ("read:repository",)),
        ("PATCH", hook, hooks.edit, REQUIRED, ("write:repository",)),
        ("DELETE", hook, hooks.delete, REQUIRED, ("write:repository",)),
    ]
    for method, path, handler, auth, scopes in rows:
        yield from forgejo.mounted(_API, method, path, _bound(forgejo, handler), auth, scopes=scopes)
    body = RequestTable(
        body={
            "type": "object",
            "properties": {"body": STRING},
            "required": ["body"],
            "additionalProperties": False,
        }
    )
    comment = _REPO + "/issues/comments/{comment_id}"
    for method, handler, table in (
        ("GET", issues.comment, RequestTable()),
        ("PATCH", issues.edit_comment, body),
        ("DELETE", issues.delete_comment, RequestTable()),
    ):
        bound = _bound(forgejo, handler)
        yield from forgejo.mounted(_API, method, comment, bound, REQUIRED, table=table, scopes=_WRITES)


def _bound(forgejo: "Forgejo", handler: Any) -> Any:
    return lambda call: handler(forgejo, call)


def _version(forgejo: "Forgejo", call: Call) -> Answer:
    return json_answer({"version": forgejo.settings["version"]})


def _settings(forgejo: "Forgejo", call: Call) -> Answer:
    """The page sizes: an administrator may have changed them."""
    return json_answer(
        {
            "max_response_items": forgejo.settings["max_response_items"],
            "default_paging_num": forgejo.settings["default_paging_num"],
            "default_git_trees_per_page": 1000,
            "default_max_blob_size": 10485760,
        }
    )
