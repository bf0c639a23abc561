# SPDX-License-Identifier: Apache-2.0
"""Jira's JSON of issues and what they refer to. Cloud and Data Center differ in users and texts only."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ...world import Comment, Issue, Project, Status, World
from .adf import document, plain
from .catalogue import CATEGORIES, OFFSET_HOURS, PRIORITIES, RESOLUTIONS, SEVERITIES, SEVERITY, TYPES

ZONE = timezone(timedelta(hours=OFFSET_HOURS))


def jira_date(moment: datetime | None) -> str | None:
    """`2019-02-15T19:15:40.477-0800`: no colon in the offset, the user's zone."""
    if moment is None:
        return None
    local = moment.astimezone(ZONE)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


class Rendering:
    """Makes JSON below one base URL (`…/rest/api/3`)."""

    def __init__(self, world: World, cloud: bool) -> None:
        self.world = world
        self.cloud = cloud

    def user(self, login: str | None, base: str, full: bool = False) -> dict[str, Any] | None:
        row = self.world.users.get(login or "")
        if row is None:
            return None
        avatars = {
            size: f"{base}/avatar/{row.login}?size={size[:2]}"
            for size in ("16x16", "24x24", "32x32", "48x48")
        }
        shown = {
            "displayName": row.name,
            "active": True,
            "timeZone": row.extra["timeZone"],
            "avatarUrls": avatars,
        }
        if self.cloud:
            shown |= {
                "self": f"{base}/user?accountId={row.id}",
                "accountId": row.id,
                "accountType": "atlassian",
            }
        else:
            shown |= {"self": f"{base}/user?username={row.login}", "name": row.login, "key": row.id}
        if row.email and not row.extra.get("private") or not self.cloud:
            shown["emailAddress"] = row.email
        return shown | ({"locale": "en_US"} if full else {})

    def status(self, status: Status, base: str) -> dict[str, Any]:
        return {
            "self": f"{base}/status/{status.id}",
            "description": "",
            "iconUrl": f"{base}/icons/status.png",
            "name": status.name,
            "id": status.id,
            "statusCategory": self.category(status.category, base),
        }

    @staticmethod
    def category(name: str, base: str) -> dict[str, Any]:
        row = CATEGORIES[name]
        return {"self": f"{base}/statuscategory/{row['id']}", **row}

    @staticmethod
    def type(name: str, base: str) -> dict[str, Any]:
        row = TYPES[name]
        shown = {
            "self": f"{base}/issuetype/{row['id']}",
            "id": row["id"],
            "description": row["description"],
            "iconUrl": f"{base}/icons/{row['id']}.svg",
            "name": name,
            "subtask": row["subtask"],
        }
        return shown | {"hierarchyLevel": row["hierarchyLevel"]}

    @staticmethod
    def priority(name: str | None, base: str) -> dict[str, Any] | None:
        if name is None:
            return None
        number = PRIORITIES[name]
        return {
            "self": f"{base}/priority/{number}",
            "iconUrl": f"{base}/icons/{number}.svg",
            "name": name,
            "id": number,
        }

    @staticmethod
    def resolution(name: str | None, base: str) -> dict[str, Any] | None:
        if name is None:
            return None
        number = RESOLUTIONS.get(name, "10099")
        return {"self": f"{base}/resolution/{number}", "id": number, "description": "", "name": name}

    @staticmethod
    def project(row: Project, base: str) -> dict[str, Any]:
        return {
            "self": f"{base}/project/{row.id}",
            "id": row.id,
            "key": row.key,
            "name": row.name,
            "projectTypeKey": "software",
            "simplified": False,
            "avatarUrls": {"48x48": f"{base}/avatar/project/{row.id}"},
        }

    def comment(self, issue: Issue, row: Comment, base: str) -> dict[str, Any]:
        author = self.user(row.author, base)
        return {
            "self": f"{base}/issue/{issue.id}/comment/{row.id}",
            "id": row.id,
            "author": author,
            "body": self.text(row.body),
            "updateAuthor": author,
            "created": jira_date(row.created),
            "updated": jira_date(row.updated),
            "jsdPublic": True,
        }

    def text(self, value: Any) -> Any:
        """Rich text: ADF on Cloud, a plain string on Data Center; the world may hold either."""
        if value is None or isinstance(value, str) is not self.cloud:
            return value
        return document(value) if self.cloud else plain(value)

    def issue(self, issue: Issue, base: str, wanted: list[str] | None, expand: str = "") -> dict[str, Any]:
        """One issue with the fields asked for; None asks for all."""
        fields = self.fields(issue, base)
        chosen = {name: value for name, value in fields.items() if _wanted(name, wanted)}
        shown: dict[str, Any] = {
            "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
            "id": issue.id,
            "self": f"{base}/issue/{issue.id}",
            "key": issue.key,
        }
        shown["fields"] = chosen
        if "changelog" in expand:
            rows = [self.history(row, base) for row in reversed(issue.history)][:40]
            shown["changelog"] = {
                "startAt": 0,
                "maxResults": len(rows),
                "total": len(rows),
                "histories": rows,
            }
        if "names" in expand:
            shown["names"] = {name: name.capitalize() for name in chosen}
        return shown

    def fields(self, issue: Issue, base: str) -> dict[str, Any]:
        world = self.world
        comments = [self.comment(issue, row, base) for row in issue.comments]
        return {
            "summary": issue.title,
            "status": self.status(world.status(issue), base),
            "statuscategorychangedate": jira_date(issue.updated),
            "assignee": self.user(issue.assignees[0], base) if issue.assignees else None,
            "reporter": self.user(issue.reporter, base),
            "creator": self.user(issue.reporter, base),
            "priority": self.priority(issue.priority, base),
            "issuetype": self.type(issue.type, base),
            "labels": list(issue.labels),
            "project": self.project(world.projects[issue.project], base),
            "created": jira_date(issue.created),
            "updated": jira_date(issue.updated),
            "resolution": self.resolution(issue.resolution, base),
            "resolutiondate": jira_date(issue.closed),
            "description": self.text(issue.description),
            "duedate": issue.extra.get("duedate"),
            "components": [],
            "fixVersions": [],
            "issuelinks": [],
            "subtasks": [],
            "comment": {
                "comments": comments,
                "self": f"{base}/issue/{issue.id}/comment",
                "maxResults": len(comments),
                "total": len(comments),
                "startAt": 0,
            },
            SEVERITY: self.severity(issue.extra.get(SEVERITY), base),
        }

    @staticmethod
    def severity(name: str | None, base: str) -> dict[str, Any] | None:
        if name is None:
            return None
        return {"self": f"{base}/customFieldOption/{SEVERITIES[name]}", "value": name, "id": SEVERITIES[name]}

    def history(self, change: Any, base: str) -> dict[str, Any]:
        return {
            "id": change.id,
            "author": self.user(change.author, base),
            "created": jira_date(change.at),
            "items": self.items(change),
        }

    def items(self, change: Any) -> list[dict[str, Any]]:
        """Changelog items; Data Center has no fieldId in them."""
        rows = []
        for name, before, after in change.items:
            field = {"title": "summary", "type": "issuetype", "key": "Key", "assignees": "assignee"}.get(
                name, name
            )
            old, new = self._ends(name, before), self._ends(name, after)
            row = {
                "field": field,
                "fieldtype": "jira",
                "from": old[0],
                "fromString": old[1],
                "to": new[0],
                "toString": new[1],
            }
            rows.append(row | ({"fieldId": field.lower()} if self.cloud else {}))
        return rows

    def _ends(self, name: str, value: Any) -> tuple[str | None, str | None]:
        """(id, text) of one side of a change."""
        if value is None or value == []:
            return None, None
        if name == "status":
            return self.world.statuses[value].id, value
        if name == "assignees":
            row = self.world.users.get(value[0])
            return (row.id, row.name) if row else (None, None)
        if name == "priority":
            return PRIORITIES.get(value), value
        if name == "labels":
            return None, " ".join(value)
        return None, value if isinstance(value, str) else plain(value)


def _wanted(name: str, wanted: list[str] | None) -> bool:
    if not wanted:
        return True
    if f"-{name}" in wanted:
        return False
    return (
        name in wanted
        or "*all" in wanted
        or "*navigable" in wanted
        or all(row.startswith("-") for row in wanted)
    )
