# SPDX-License-Identifier: Apache-2.0
"""YouTrack's entities, whole; the projection cuts them. Times are epoch milliseconds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...world import Comment, Issue, Project, Status, User

if TYPE_CHECKING:
    from .module import YouTrack

PRIORITIES = ("Show-stopper", "Critical", "Major", "Normal", "Minor")
TYPES = ("Bug", "Feature", "Task", "Epic")
FIELDS = ("Priority", "Type", "State", "Assignee")
_KINDS = {"Priority": "Enum", "Type": "Enum", "State": "State", "Assignee": "User"}


def millis(moment: datetime | None) -> int | None:
    return int(moment.timestamp() * 1000) if moment else None


def user_entity(user: User) -> dict[str, Any]:
    return {
        "$type": "User",
        "id": user.id,
        "login": user.login,
        "name": user.name,
        "fullName": user.name,
        "email": user.email,
        "ringId": f"ring-{user.id}",
        "guest": False,
        "online": False,
        "banned": False,
        "avatarUrl": f"/hub/api/rest/avatar/{user.id}",
    }


def project_entity(project: Project) -> dict[str, Any]:
    return {
        "$type": "Project",
        "id": project.id,
        "shortName": project.key,
        "name": project.name,
        "description": None,
        "archived": bool(project.extra.get("archived")),
    }


def shown_name(project: Project, field: str) -> str:
    """Administrators rename fields: `State` may be called anything."""
    return str(project.extra.get("names", {}).get(field, field))


def state_value(row: Status) -> dict[str, Any]:
    resolved = row.category in ("done", "canceled")
    return {
        "$type": "StateBundleElement",
        "id": f"69-{row.id}",
        "name": row.name,
        "localizedName": None,
        "isResolved": resolved,
        "ordinal": int(row.id),
    }


def enum_value(names: tuple[str, ...], name: str) -> dict[str, Any]:
    return {
        "$type": "EnumBundleElement",
        "id": f"67-{names.index(name) if name in names else 99}",
        "name": name,
        "localizedName": None,
        "ordinal": names.index(name) if name in names else 99,
    }


def project_field_entity(youtrack: "YouTrack", project: Project, field: str) -> dict[str, Any]:
    kind = _KINDS[field]
    choices: list[dict[str, Any]] = []
    if field == "State":
        choices = [state_value(row) for row in youtrack.world.statuses.values()]
    elif kind == "Enum":
        names = PRIORITIES if field == "Priority" else TYPES
        choices = [enum_value(names, name) for name in names]
    bundle = {"$type": f"{kind}Bundle", "id": f"66-{FIELDS.index(field)}", "values": choices}
    if field == "Assignee":
        people = [user_entity(user) for user in youtrack.world.users.values()]
        bundle = {"$type": "UserBundle", "id": "66-9", "aggregatedUsers": people, "individuals": people}
    id = f"92-{10 * int(project.id.rpartition('-')[2]) + FIELDS.index(field)}"
    return {
        "$type": f"{kind}ProjectCustomField",
        "id": id,
        "canBeEmpty": field in ("Assignee",) or field not in project.extra.get("required", ()),
        "emptyFieldText": f"No {field.lower()}",
        "bundle": bundle,
        "field": {
            "$type": "CustomField",
            "id": f"58-{FIELDS.index(field)}",
            "name": shown_name(project, field),
            "localizedName": None,
            "fieldType": {"$type": "FieldType", "id": f"{kind.lower()}[1]", "valueType": kind.lower()},
        },
        "project": project_entity(project),
    }


def custom_fields(youtrack: "YouTrack", issue: Issue) -> list[dict[str, Any]]:
    project = youtrack.world.projects[issue.project]
    who = youtrack.world.users.get(issue.assignees[0]) if issue.assignees else None
    values: dict[str, Any] = {
        "Priority": enum_value(PRIORITIES, issue.priority) if issue.priority else None,
        "Type": enum_value(TYPES, issue.type) if issue.type else None,
        "State": state_value(youtrack.world.status(issue)),
        "Assignee": user_entity(who) if who else None,
    }
    kinds = {"Assignee": "SingleUserIssueCustomField", "State": "StateIssueCustomField"}
    rows = []
    for field in FIELDS:
        definition = project_field_entity(youtrack, project, field)
        rows.append(
            {
                "$type": kinds.get(field, "SingleEnumIssueCustomField"),
                "id": definition["id"],
                "name": shown_name(project, field),
                "value": values[field],
                "projectCustomField": definition,
            }
        )
    return rows


def issue_entity(youtrack: "YouTrack", issue: Issue) -> dict[str, Any]:
    project = youtrack.world.projects[issue.project]
    author = issue.history[-1].author if issue.history else issue.reporter
    return {
        "$type": "Issue",
        "id": issue.id,
        "idReadable": issue.key,
        "numberInProject": issue.number,
        "summary": issue.title,
        "description": issue.description,
        "created": millis(issue.created),
        "updated": millis(issue.updated),
        "resolved": millis(issue.closed),
        "project": project_entity(project),
        "reporter": user_entity(youtrack.user(issue.reporter)),
        "updater": user_entity(youtrack.user(author)),
        "customFields": custom_fields(youtrack, issue),
        "tags": [{"$type": "Tag", "id": f"6-{youtrack.tag_id(name)}", "name": name} for name in issue.labels],
        "comments": [comment_entity(youtrack, row) for row in issue.comments],
        "commentsCount": len(issue.comments),
        "votes": 0,
        "isDraft": False,
        "wikifiedDescription": issue.description or "",
    }


def comment_entity(youtrack: "YouTrack", row: Comment) -> dict[str, Any]:
    return {
        "$type": "IssueComment",
        "id": f"4-{row.id}",
        "text": row.body,
        "textPreview": row.body,
        "author": user_entity(youtrack.user(row.author)),
        "created": millis(row.created),
        "updated": millis(row.updated),
        "deleted": False,
    }
