# SPDX-License-Identifier: Apache-2.0
"""GraphQL queries: repositories by alias, nodes by id, a pasted URL, search, the limit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import auth, search
from .finding import repo_named
from .graph_errors import failure
from .graph_fields import Fields
from .graph_objects import issue_node, repo_node, user_node
from .graph_pages import connection
from .graph_writes import write_resolvers
from .issues import numbered
from .people import database_id

if TYPE_CHECKING:
    from .module import GitHub

NODES_MAX = 100


def resolvers(github: "GitHub") -> dict[str, Any]:
    """All fields that need more than a look into a dict."""
    return _Resolvers(github).table() | write_resolvers(github)


class _Resolvers(Fields):
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
