# SPDX-License-Identifier: Apache-2.0
"""All addresses of the GitHub module, each below both roots: Enterprise Server's and the cloud's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...contract.tables import RequestTable
from ...routing import OPTIONAL, REQUIRED, Route
from . import app, app_tokens, hooks, issues, repos, search, users
from .auth import APP

if TYPE_CHECKING:
    from .module import GitHub

_REPO = "/repos/{owner}/{repo}"


def routes(github: "GitHub") -> Iterator[Route]:
    from .module import CLOUD, ENTERPRISE

    mounts = (ENTERPRISE, CLOUD)
    for method, path, handler, auth, scopes in _table():
        bound = _bound(github, handler)
        yield from github.mounted(mounts, method, path, bound, auth, scopes=scopes)
        if path.startswith(_REPO):
            by_id = "/repositories/{repository_id}" + path.removeprefix(_REPO)
            yield from github.mounted(mounts, method, by_id, bound, auth, operation=path, scopes=scopes)
    patched = RequestTable(
        body={
            "type": "object",
            "properties": {"body": {"type": "string"}},
            "required": ["body"],
            "additionalProperties": False,
        }
    )
    for method, handler, table in (
        ("GET", issues.comment, None),
        ("PATCH", issues.edit_comment, patched),
        ("DELETE", issues.delete_comment, None),
    ):
        yield from github.mounted(
            mounts,
            method,
            _REPO + "/issues/comments/{comment_id}",
            _bound(github, handler),
            OPTIONAL,
            table=table or RequestTable(),
        )
    for place in ("/github/api/graphql", f"{CLOUD}/graphql"):
        yield github.route("POST", place, github.graphql_answer)


def _bound(github: "GitHub", handler: Any) -> Any:
    return lambda call: handler(github, call)


def _table() -> list[tuple[str, str, Any, str, tuple[str, ...]]]:
    issue = _REPO + "/issues/{issue_number}"
    installation = "/app/installations/{installation_id}"
    rows: list[tuple[Any, ...]] = [
        ("GET", "/", users.root, OPTIONAL),
        ("GET", "/meta", users.meta, OPTIONAL),
        ("GET", "/rate_limit", users.rate_limit, OPTIONAL),
        ("GET", "/user", users.me, REQUIRED),
        ("GET", "/users/{username}", users.profile, OPTIONAL),
        ("GET", "/user/repos", repos.mine, REQUIRED),
        ("GET", _REPO, repos.show, OPTIONAL),
        ("GET", _REPO + "/labels", repos.labels, OPTIONAL),
        ("GET", _REPO + "/assignees", repos.assignees, OPTIONAL),
        ("GET", "/orgs/{org}/issue-types", repos.issue_types, REQUIRED),
        ("GET", _REPO + "/issues", issues.listed, OPTIONAL),
        ("POST", _REPO + "/issues", issues.create, OPTIONAL),
        ("GET", issue, issues.show, OPTIONAL),
        ("PATCH", issue, issues.edit, OPTIONAL),
        ("GET", issue + "/comments", issues.comments, OPTIONAL),
        ("POST", issue + "/comments", issues.add_comment, OPTIONAL),
        ("GET", _REPO + "/pulls/{pull_number}", repos.pull, OPTIONAL),
        ("GET", "/search/issues", search.issues, OPTIONAL),
        ("GET", _REPO + "/hooks", hooks.listed, REQUIRED),
        ("POST", _REPO + "/hooks", hooks.create, REQUIRED),
        ("PATCH", _REPO + "/hooks/{hook_id}", hooks.edit, REQUIRED),
        ("DELETE", _REPO + "/hooks/{hook_id}", hooks.delete, REQUIRED),
        ("POST", _REPO + "/hooks/{hook_id}/pings", hooks.ping, REQUIRED),
        ("GET", "/app", app.show, REQUIRED, APP),
        ("GET", "/app/installations", app.installations, REQUIRED, APP),
        ("GET", "/app/hook/config", app.hook_config, REQUIRED, APP),
        ("GET", "/app/hook/deliveries", app.deliveries, REQUIRED, APP),
        ("GET", installation, app.installation, REQUIRED, APP),
        ("POST", installation + "/access_tokens", app_tokens.access_token, REQUIRED, APP),
        ("GET", "/orgs/{org}/installation", app.of_org, REQUIRED, APP),
        ("GET", _REPO + "/installation", app.of_repo, REQUIRED, APP),
        ("GET", "/installation/repositories", app_tokens.repositories, REQUIRED),
    ]
    return [(method, path, handler, auth, tuple(scopes)) for method, path, handler, auth, *scopes in rows]
