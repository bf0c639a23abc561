# SPDX-License-Identifier: Apache-2.0
"""GraphQL queries: repositories by alias, nodes by id, a pasted URL, search, the limit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...world import Issue, Project
from . import auth, search
from .finding import repo_named
from .graph_errors import failure
from .graph_objects import issue_node, label_node, repo_node, user_node
from .graph_pages import connection
from .graph_writes import write_resolvers
from .issue_json import state_of
from .issues import kind_of, numbered
from .people import database_id
from .repos import people

if TYPE_CHECKING:
    from .module import GitHub

NODES_MAX = 100


def resolvers(github: "GitHub") -> dict[str, Any]:
    """All fields that need more than a look into a dict."""
    return _Resolvers(github).table() | write_resolvers(github)


class _Resolvers:
    def __init__(self, github: "GitHub") -> None:
        self.github = github

    def table(self) -> dict[str, Any]:
        made = {
            "Query.repository": self.repository,
            "Query.node": self.node,
            "Query.nodes": self.nodes,
            "Query.resource": self.resource,
            "Query.search": self.search,
            "Query.viewer": self.viewer,
            "Query.rateLimit": self.rate_limit,
            "Query.organization": self.organization,
            "Repository.issue": self.issue,
            "Repository.pullRequest": self.pull,
            "Repository.issueOrPullRequest": self.either,
            "Repository.issues": self.issues,
            "Repository.labels": self.repo_labels,
            "Repository.assignableUsers": self.assignable,
            "Issue.stateReason": self.state_reason,
        }
        for kind in ("Issue", "PullRequest"):
            made |= {
                f"{kind}.assignees": self.assignees,
                f"{kind}.labels": self.labels,
                f"{kind}.repository": self.repo_of,
            }
        return made

    # -- Roots ---------------------------------------------------------------------------------------

    def repository(self, root: Any, info: Any, owner: str, name: str, followRenames: bool = True) -> Any:
        repo, renamed = repo_named(self.github, f"{owner}/{name}")
        if repo is None or renamed and not followRenames or not auth.rights(info.context.credential, repo):
            raise failure("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
        return repo_node(self.github, repo, info.context)

    def node(self, root: Any, info: Any, id: str) -> Any:
        found = self._by_id(info, id)
        if found is None:
            raise failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
        return found

    def nodes(self, root: Any, info: Any, ids: list[str]) -> list[Any]:
        """Lost ones are null, with an error each."""
        if len(ids) > NODES_MAX:
            raise failure(
                "ARGUMENT_LIMIT",
                f"You may not provide more than {NODES_MAX} node ids; you provided {len(ids)}.",
            )
        return [
            self._by_id(info, id)
            or failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
            for id in ids
        ]

    def _by_id(self, info: Any, id: str) -> Any:
        issue = self.github.world.seen(id) if id in self.github.world.issues else None
        if issue is not None and issue.moved_to is None and self._may_read(info, issue):
            return issue_node(self.github, issue, info.context)
        for repo in self.github.world.projects.values() if id.startswith("R_") else ():
            if database_id(id) == int(repo.id) and auth.rights(info.context.credential, repo):
                return repo_node(self.github, repo, info.context)
        return None

    def _may_read(self, info: Any, issue: Issue) -> bool:
        return "read" in auth.rights(info.context.credential, self.github.world.projects[issue.project])

    def resource(self, root: Any, info: Any, url: str) -> Any:
        """The object behind a pasted web address; null when there is none."""
        path = url.removeprefix(self.github.roots(info.context).web)
        found = re.match(r"/([^/]+/[^/]+)(?:/(?:issues|pull)/(\d+))?(?:[/?#].*)?$", path)
        repo, _ = repo_named(self.github, found[1]) if found else (None, False)
        if found is None or repo is None or not auth.rights(info.context.credential, repo):
            return None
        if found[2] is None:
            return repo_node(self.github, repo, info.context)
        issue = numbered(self.github, repo, int(found[2]))
        return issue_node(self.github, issue, info.context) if issue and self._may_read(info, issue) else None

    def search(self, root: Any, info: Any, query: str, type: str, **ask: Any) -> Any:
        if type != "ISSUE":
            raise failure("NOT_IMPLEMENTED", f"The simulator searches only ISSUE, not {type}.")
        rows = sorted(
            search.matching(self.github, info.context, query), key=lambda row: row.updated, reverse=True
        )
        made = connection(
            rows[: search.RESULTS_MAX],
            "search",
            lambda row: issue_node(self.github, row, info.context),
            **ask,
        )
        return made | {"issueCount": len(rows)}

    def viewer(self, root: Any, info: Any) -> Any:
        credential = info.context.credential
        if credential.kind == "installation":
            return {
                "__typename": "User",
                "id": "BOT_kgDOSim",
                "login": "extref-sim[bot]",
                "name": None,
                "email": "",
                "databaseId": 12345,
                "url": f"{self.github.roots(info.context).web}/apps/extref-sim",
                "avatarUrl": "",
                "resourcePath": "/apps/extref-sim",
            }
        return user_node(self.github, self.github.user(credential.user), info.context, mine=True)

    def organization(self, root: Any, info: Any, login: str) -> Any:
        user = self.github.world.users.get(login.lower())
        if user is None or user.extra.get("type") != "Organization":
            raise failure("NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'.")
        return user_node(self.github, user, info.context)

    def rate_limit(self, root: Any, info: Any, dryRun: bool = False) -> Any:
        budget = self.github.budget_for(info.context)
        reset = self.github.clock.now().fromtimestamp(budget.reset_epoch, self.github.clock.now().tzinfo)
        return {
            "cost": 1,
            "limit": budget.limit,
            "nodeCount": 0,
            "remaining": budget.remaining,
            "used": budget.used,
            "resetAt": reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

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
