# SPDX-License-Identifier: Apache-2.0
"""Issues, people, teams and states as Linear's types show them, and Relay pages of them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Callable, Sequence

from ...paging import make_cursor, read_cursor
from ...world import Issue, Project, Status, User
from .errors import failure

if TYPE_CHECKING:
    from .module import Linear

PAGE_DEFAULT, PAGE_MAX = 50, 250
PRIORITIES = ("No priority", "Urgent", "High", "Medium", "Low")


def stamp(time: datetime | None) -> str | None:
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z" if time else None


def page(rows: Sequence[Any], render: Callable[[Any], Any], **ask: Any) -> dict[str, Any]:
    """The page that first/after name; without first 50, and never more than 250."""
    first = ask.get("first")
    first = PAGE_DEFAULT if first is None else first
    if not 1 <= first <= PAGE_MAX:
        raise failure(f"Argument Validation Error: first must be 1 to {PAGE_MAX}")
    start = 0
    if ask.get("after") is not None:
        cursor = read_cursor(ask["after"])
        if cursor is None:
            raise failure("Argument Validation Error: after is no cursor")
        start = cursor["at"] + 1
    part = list(rows[start : start + first])
    info = {
        "hasNextPage": start + len(part) < len(rows),
        "hasPreviousPage": start > 0,
        "startCursor": make_cursor(at=start) if part else None,
        "endCursor": make_cursor(at=start + len(part) - 1) if part else None,
    }
    return {"nodes": [render(row) for row in part], "pageInfo": info}


def user_node(linear: "Linear", user: User, origin: str) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "displayName": user.login,
        "email": user.email,
        "active": True,
        "admin": user.login == "alice",
        "app": False,
        "guest": False,
        "avatarUrl": None,
        "url": f"{origin}/linear/profiles/{user.login}",
        "organization": organization_node(),
    }


def organization_node() -> dict[str, Any]:
    from .module import ORGANIZATION

    return {**ORGANIZATION, "createdAt": "2020-01-01T00:00:00.000Z", "logoUrl": None}


def state_node(status: Status, team: dict[str, Any] | None = None) -> dict[str, Any]:
    """A state belongs to a team in Linear; here every team has the same ones."""
    from .module import STATES

    position = [row.id for row in STATES].index(status.id)
    return {
        "id": status.id,
        "name": status.name,
        "type": status.extra["type"],
        "color": "#e2e2e2",
        "position": float(position),
        "team": team,
    }


def label_node(name: str) -> dict[str, Any]:
    from .module import LABELS

    known = LABELS.get(name) or str(uuid.uuid5(uuid.NAMESPACE_URL, f"label:{name}"))
    return {"id": known, "name": name, "color": "#eb5757", "isGroup": False, "parent": None, "team": None}


def team_node(linear: "Linear", team: Project) -> dict[str, Any]:
    from .module import LABELS, STATES

    made: dict[str, Any] = {}
    made |= {
        "id": team.id,
        "key": team.key,
        "name": team.name,
        "private": False,
        "archivedAt": None,
        "organization": organization_node(),
        "defaultIssueState": lambda info: state_node(STATES[0], made),
        "issueCount": lambda info, includeArchived=False: sum(
            1 for row in linear.world.all_seen() if row.project == team.key
        ),
        "states": lambda info, **ask: page(STATES, lambda row: state_node(row, made), **_paging(ask)),
        "labels": lambda info, **ask: page(list(LABELS), label_node, **_paging(ask)),
    }
    return made


def issue_node(linear: "Linear", issue: Issue, origin: str) -> dict[str, Any]:
    status = linear.world.status(issue)
    ended = stamp(issue.closed)
    who = linear.world.users.get(issue.assignees[0]) if issue.assignees else None
    number = int(issue.priority) if issue.priority else 0
    team = team_node(linear, linear.world.projects[issue.project])
    return {
        "__typename": "Issue",
        "id": issue.id,
        "identifier": issue.key,
        "number": float(issue.number),
        "title": issue.title,
        "description": issue.description,
        "url": linear.issue_url(issue, origin),
        "priority": float(number),
        "priorityLabel": PRIORITIES[number],
        "estimate": None,
        "dueDate": None,
        "sortOrder": 0.0,
        "branchName": issue.key.lower(),
        "trashed": True if issue.deleted else None,
        "archivedAt": stamp(issue.updated) if issue.deleted else None,
        "createdAt": stamp(issue.created),
        "updatedAt": stamp(issue.updated),
        "startedAt": stamp(issue.updated) if status.category == "in_progress" else None,
        "completedAt": ended if status.category == "done" else None,
        "canceledAt": ended if status.category == "canceled" else None,
        "previousIdentifiers": list(issue.previous_keys),
        "state": state_node(status, team),
        "team": team,
        "assignee": user_node(linear, who, origin) if who else None,
        "creator": None,
        "delegate": None,
        "cycle": None,
        "parent": None,
        "project": None,
        "labelIds": [label_node(name)["id"] for name in issue.labels],
        "labels": lambda info, **ask: page(issue.labels, label_node, **_paging(ask)),
        "attachments": lambda info, **ask: page(
            issue.links, lambda row: attachment_node(linear, issue, row, origin), **_paging(ask)
        ),
        "metadata": {},
    }


def attachment_node(linear: "Linear", issue: Issue, row: dict[str, Any], origin: str) -> dict[str, Any]:
    return {
        **row,
        "creator": None,
        "groupBySource": False,
        "metadata": row.get("metadata") or {},
        "source": None,
        "sourceType": "api",
        "issue": lambda info: issue_node(linear, issue, origin),
    }


def webhook_issue(linear: "Linear", issue: Issue, origin: str) -> dict[str, Any]:
    node = issue_node(linear, issue, origin)
    kept = (
        "id identifier number title priority priorityLabel createdAt updatedAt previousIdentifiers url "
        "labelIds"
    ).split()
    team = linear.world.projects[issue.project]
    data = {name: node[name] for name in kept} | {
        "number": issue.number,
        "state": {name: node["state"][name] for name in ("id", "name", "type", "color")},
        "stateId": node["state"]["id"],
        "labels": [{"id": label_node(name)["id"], "name": name} for name in issue.labels],
        "team": {"id": team.id, "key": team.key, "name": team.name},
        "teamId": team.id,
    }
    if node["assignee"]:
        data["assignee"] = {name: node["assignee"][name] for name in ("id", "name", "email", "url")}
        data["assigneeId"] = node["assignee"]["id"]
    return data


def _paging(ask: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in ask.items() if name in ("first", "after")}
