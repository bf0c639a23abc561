# SPDX-License-Identifier: Apache-2.0
"""What can be asked: issues by id and filter, search, teams, people, attachments, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import missing
from .filters import matches, simple_match
from .nodes import (
    PRIORITIES,
    attachment_node,
    issue_node,
    organization_node,
    page,
    state_node,
    team_node,
    user_node,
)

if TYPE_CHECKING:
    from .module import Linear

SEARCHES_MAX = 30


def query_resolvers(linear: "Linear") -> dict[str, Any]:
    return {f"Query.{name}": handler for name, handler in _Queries(linear).table().items()}


class _Queries:
    def __init__(self, linear: "Linear") -> None:
        self.linear = linear

    def table(self) -> dict[str, Any]:
        return {
            "issue": self.issue,
            "issues": self.issues,
            "searchIssues": self.search,
            "viewer": lambda root, info: self._user(info, info.context.credential.user),
            "organization": lambda root, info: organization_node(),
            "rateLimitStatus": self.limits,
            "team": self.team,
            "teams": self.teams,
            "users": self.users,
            "workflowStates": self.states,
            "issueLabels": self.labels,
            "issuePriorityValues": lambda root, info: [
                {"priority": number, "label": label} for number, label in enumerate(PRIORITIES)
            ],
            "attachment": self.attachment,
            "attachmentsForURL": self.attachments_for_url,
        }

    def _user(self, info: Any, login: str) -> Any:
        return user_node(self.linear, self.linear.world.users[login], info.context.origin)

    def _node(self, info: Any, issue: Any) -> Any:
        return issue_node(self.linear, issue, info.context.origin)

    def issue(self, root: Any, info: Any, id: str) -> Any:
        """By UUID or by any identifier it ever had. Not nullable: a missing one makes all data null."""
        found = self.linear.shown(id)
        if found is None or id != found.id and not self.linear.is_key(id):
            raise missing("Issue")
        return self._node(info, found)

    def issues(self, root: Any, info: Any, filter: Any = None, **ask: Any) -> Any:
        known = self.linear.all_shown(bool(ask.get("includeArchived")))
        rows = [row for row in known if matches(self.linear, row, filter)]
        order = (lambda row: row.updated) if ask.get("orderBy") == "updatedAt" else (lambda row: row.created)
        rows.sort(key=order, reverse=True)
        return page(rows, lambda row: self._node(info, row), **ask)

    def search(
        self, root: Any, info: Any, term: str, teamId: Any = None, filter: Any = None, **ask: Any
    ) -> Any:
        words = term.lower().split()
        rows = [
            row
            for row in self.linear.all_shown(bool(ask.get("includeArchived")))
            if words
            and all(word in f"{row.key} {row.title} {row.description or ''}".lower() for word in words)
            and matches(self.linear, row, filter)
            and (teamId is None or self.linear.world.projects[row.project].id == teamId)
        ]
        rows.sort(key=lambda row: row.updated, reverse=True)
        return page(rows, lambda row: self._node(info, row), **ask) | {"totalCount": float(len(rows))}

    def limits(self, root: Any, info: Any) -> Any:
        budget = self.linear.budget
        row = {
            "type": "requests",
            "allowedAmount": float(budget.limit),
            "remainingAmount": float(budget.remaining),
            "requestedAmount": 1.0,
            "period": float(budget.window_seconds * 1000),
            "reset": float(budget.reset_epoch * 1000),
        }
        return {"identifier": info.context.credential.user, "kind": "user", "limits": [row]}

    def _teams(self) -> list[Any]:
        return [row for row in self.linear.world.projects.values() if row.visible]

    def team(self, root: Any, info: Any, id: str) -> Any:
        found = next((row for row in self._teams() if id in (row.id, row.key)), None)
        if found is None:
            raise missing("Team")
        return team_node(self.linear, found)

    def teams(self, root: Any, info: Any, filter: Any = None, **ask: Any) -> Any:
        rows = [
            row
            for row in self._teams()
            if simple_match({"key": row.key, "id": row.id, "name": row.name}, filter)
        ]
        return page(rows, lambda row: team_node(self.linear, row), **ask)

    def users(self, root: Any, info: Any, filter: Any = None, **ask: Any) -> Any:
        rows = [
            row
            for row in self.linear.world.users.values()
            if simple_match({"email": row.email, "id": row.id, "name": row.name}, filter)
        ]
        return page(rows, lambda row: user_node(self.linear, row, info.context.origin), **ask)

    def states(self, root: Any, info: Any, filter: Any = None, **ask: Any) -> Any:
        from .module import STATES

        rows = [
            row
            for row in STATES
            if simple_match({"id": row.id, "name": row.name, "type": row.extra["type"]}, filter)
        ]
        team = team_node(self.linear, self._teams()[0])
        return page(rows, lambda row: state_node(row, team), **ask)

    def labels(self, root: Any, info: Any, filter: Any = None, **ask: Any) -> Any:
        from .module import LABELS
        from .nodes import label_node

        wanted = dict(filter or {})
        # Every label here is the workspace's own: none has a team.
        of_a_team = not wanted.pop("team", {"null": True}).get("null", False)
        rows = [
            name
            for name, id in LABELS.items()
            if not of_a_team and simple_match({"id": id, "name": name}, wanted)
        ]
        return page(rows, label_node, **ask)

    def _attachments(self, info: Any) -> list[tuple[Any, Any]]:
        return [(issue, row) for issue in self.linear.world.all_seen() for row in issue.links]

    def attachment(self, root: Any, info: Any, id: str) -> Any:
        for issue, row in self._attachments(info):
            if row["id"] == id:
                return attachment_node(self.linear, issue, row, info.context.origin)
        raise missing("Attachment")

    def attachments_for_url(self, root: Any, info: Any, url: str, **ask: Any) -> Any:
        rows = [pair for pair in self._attachments(info) if pair[1]["url"] == url]
        return page(
            rows, lambda pair: attachment_node(self.linear, pair[0], pair[1], info.context.origin), **ask
        )
