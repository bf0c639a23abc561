# SPDX-License-Identifier: Apache-2.0
"""Fields below a repository and below an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...world import Issue, Project
from . import auth
from .graph_errors import failure
from .graph_objects import issue_node, label_node, repo_node, user_node
from .graph_pages import connection
from .issue_json import state_of
from .issues import kind_of, numbered
from .repos import people

if TYPE_CHECKING:
    from .module import GitHub


class Fields:
    """The roots (graph.py) build on it."""

    def __init__(self, github: "GitHub") -> None:
        self.github = github

    def _may_read(self, info: Any, issue: Issue) -> bool:
        return "read" in auth.rights(info.context.credential, self.github.world.projects[issue.project])

    # -- Below a repository --------------------------------------------------------------------------

    def _numbered(self, root: Any, info: Any, number: int, what: str, *kinds: str) -> Any:
        repo: Project = root["_repo"]
        held = auth.rights(info.context.credential, repo)
        if "read" not in held:
            raise failure("FORBIDDEN", "Resource not accessible by integration")
        issue = numbered(self.github, repo, number)
        if issue is None or kind_of(issue) not in kinds or not self._may_read(info, issue):
            raise failure("NOT_FOUND", f"Could not resolve to {what} with the number of {number}.")
        return issue_node(self.github, issue, info.context)

    def issue(self, root: Any, info: Any, number: int) -> Any:
        return self._numbered(root, info, number, "an Issue", "Issue")

    def pull(self, root: Any, info: Any, number: int) -> Any:
        return self._numbered(root, info, number, "a PullRequest", "PullRequest")

    def either(self, root: Any, info: Any, number: int) -> Any:
        return self._numbered(root, info, number, "an issue or pull request", "Issue", "PullRequest")

    def issues(
        self,
        root: Any,
        info: Any,
        states: Any = None,
        orderBy: Any = None,
        filterBy: Any = None,
        labels: Any = None,
        **ask: Any,
    ) -> Any:
        """Without pull requests, unlike REST."""
        repo, wanted = root["_repo"], filterBy or {}
        states = states or wanted.get("states") or ["OPEN", "CLOSED"]
        labels = labels or wanted.get("labels") or []
        rows = [
            row
            for row in self.github.world.all_seen()
            if row.project == repo.key
            and not row.moved_to
            and kind_of(row) == "Issue"
            and state_of(row).upper() in states
            and (not labels or set(labels) & set(row.labels))
            and row.updated.strftime("%Y-%m-%dT%H:%M:%SZ") >= (wanted.get("since") or "")
        ]
        order = orderBy or {"field": "CREATED_AT", "direction": "ASC"}
        field = {"UPDATED_AT": lambda row: row.updated, "COMMENTS": lambda row: len(row.comments)}.get(
            order["field"], lambda row: row.created
        )
        rows.sort(key=lambda row: (field(row), row.number), reverse=order["direction"] == "DESC")
        return connection(rows, "issues", lambda row: issue_node(self.github, row, info.context), **ask)

    def repo_labels(self, root: Any, info: Any, query: str = "", orderBy: Any = None, **ask: Any) -> Any:
        repo = root["_repo"]
        names = [name for name in repo.extra.get("labels", {}) if (query or "").lower() in name.lower()]
        return connection(
            names, "labels", lambda name: label_node(self.github, repo, name, info.context), **ask
        )

    def assignable(self, root: Any, info: Any, query: str | None = None, **ask: Any) -> Any:
        rows = [
            user
            for user in people(self.github)
            if (query or "").lower() in f"{user.login} {user.name}".lower()
        ]
        return connection(
            rows, "assignableUsers", lambda row: user_node(self.github, row, info.context), **ask
        )

    # -- Below an issue ------------------------------------------------------------------------------

    def assignees(self, root: Any, info: Any, **ask: Any) -> Any:
        rows = [self.github.user(login) for login in root["_issue"].assignees]
        return connection(rows, "assignees", lambda row: user_node(self.github, row, info.context), **ask)

    def labels(self, root: Any, info: Any, orderBy: Any = None, **ask: Any) -> Any:
        issue = root["_issue"]
        repo = self.github.world.projects[issue.project]
        return connection(
            issue.labels, "labels", lambda name: label_node(self.github, repo, name, info.context), **ask
        )

    def repo_of(self, root: Any, info: Any) -> Any:
        return repo_node(self.github, self.github.world.projects[root["_issue"].project], info.context)

    @staticmethod
    def state_reason(root: Any, info: Any, enableDuplicate: bool = False) -> Any:
        """Clients that do not know duplicates yet see the older word."""
        reason = root["_reason"]
        return "NOT_PLANNED" if reason == "DUPLICATE" and not enableDuplicate else reason
