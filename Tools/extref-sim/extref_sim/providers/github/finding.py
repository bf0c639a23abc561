# SPDX-License-Identifier: Apache-2.0
"""From an address to a repository or an issue, or to the redirect or refusal that stands there instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Refusal
from ...call import Call
from ...world import Issue, Project
from . import auth
from .errors import error_answer, moved_answer

if TYPE_CHECKING:
    from .module import GitHub


def found_repo(github: "GitHub", call: Call, right: str) -> Project:
    """By owner and name, or by id. A renamed one redirects to its id. `metadata` is the right to see it at
    all."""
    repo, renamed = _lookup(github, call)
    if repo is None:
        raise Refusal(error_answer(404, "Not Found"))
    if not auth.rights(call.credential, repo):
        raise Refusal(
            error_answer(
                401 if _must_log_in(call) else 404,
                "Requires authentication" if _must_log_in(call) else "Not Found",
            )
        )
    if renamed:
        rest = call.raw_path.partition(f"/repos/{call.params['owner']}/{call.params['repo']}")[2]
        url = f"{github.roots(call).api}/repositories/{repo.id}{rest}"
        raise Refusal(
            moved_answer(f"{url}?{call.raw_query}" if call.raw_query else url, call.method != "GET")
        )
    if right != "metadata":
        auth.demand(call, repo, right)
    return repo


def _must_log_in(call: Call) -> bool:
    """Anonymous writes are asked to log in; anonymous reads of private things see nothing."""
    return call.credential is None and call.method != "GET"


def _lookup(github: "GitHub", call: Call) -> tuple[Project | None, bool]:
    rows = github.world.projects.values()
    if "repository_id" in call.params:
        return next((row for row in rows if row.id == call.params["repository_id"]), None), False
    return repo_named(github, f"{call.params['owner']}/{call.params['repo']}")


def repo_named(github: "GitHub", key: str) -> tuple[Project | None, bool]:
    """(repository, whether that is an old name of it)."""
    key, rows = key.lower(), github.world.projects.values()
    found = next((row for row in rows if row.key.lower() == key), None)
    if found is not None:
        return found, False
    old = (row for row in rows if key in [name.lower() for name in row.extra.get("previous_keys", ())])
    return next(old, None), True


def found_issue(github: "GitHub", call: Call, repo: Project, name: str = "issue_number") -> Issue:
    """The issue; 301 when it was transferred to a readable repository, 410 when it was deleted, else 404."""
    number = call.params[name]
    issue = github.world.find(f"{repo.key}#{number}") if number.isdigit() else None
    if issue is None or not issue.visible:
        raise Refusal(error_answer(404, "Not Found"))
    while issue.moved_to is not None:
        issue = _followed(github, call, issue)
    if issue.deleted:
        raise Refusal(error_answer(410, "This issue was deleted"))
    if issue.project != repo.key or str(issue.number) != number:
        target = github.world.projects[issue.project]
        rest = call.raw_path.partition(f"/issues/{number}")[2]
        url = f"{github.roots(call).api}/repositories/{target.id}/issues/{issue.number}{rest}"
        raise Refusal(moved_answer(url, call.method != "GET"))
    return issue


def _followed(github: "GitHub", call: Call, issue: Issue) -> Issue:
    """The issue that replaced it; a target the asker cannot read is a 404."""
    target = github.world.find(issue.moved_to or "")
    if target is None or not target.visible:
        raise Refusal(error_answer(404, "Not Found"))
    if "read" not in auth.rights(call.credential, github.world.projects[target.project]):
        raise Refusal(error_answer(404, "Not Found"))
    return target
