# SPDX-License-Identifier: Apache-2.0
"""Bugs, people and comments as Bugzilla shows them; include_fields and exclude_fields."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...call import Call
from ...world import Comment, Issue, User

if TYPE_CHECKING:
    from .module import Bugzilla

_EXTRA = ("tags", "history", "comments", "description", "duplicates")


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def user_json(user: User, logged_in: bool) -> dict[str, Any]:
    """Mail addresses are for those who are logged in."""
    name = user.email if logged_in else user.login
    return {"id": int(user.id), "real_name": user.name, "name": name} | ({"email": name} if logged_in else {})


def bug_json(bugzilla: "Bugzilla", issue: Issue, call: Call) -> dict[str, Any]:
    known = call.credential is not None
    owner = bugzilla.user(issue.assignees[0] if issue.assignees else "nobody")
    creator = bugzilla.user(issue.reporter)
    project = bugzilla.world.projects[issue.project]
    extra = issue.extra
    made: dict[str, Any] = {
        "id": int(issue.id),
        "alias": [extra["alias"]] if extra.get("alias") else [],
        "summary": issue.title,
        "status": issue.status,
        "resolution": issue.resolution or "",
        "is_open": bugzilla.world.status(issue).category != "done",
        "is_confirmed": issue.status != "UNCONFIRMED",
        "assigned_to": owner.email if known else owner.login,
        "assigned_to_detail": user_json(owner, known),
        "creator": creator.email if known else creator.login,
        "creator_detail": user_json(creator, known),
        "priority": issue.priority,
        "severity": extra.get("severity", "normal"),
        "keywords": sorted(issue.labels),
        "creation_time": stamp(issue.created),
        "last_change_time": stamp(issue.updated),
        "product": issue.project,
        "component": extra.get("component") or project.extra["components"][0],
        "version": extra.get("version") or project.extra["versions"][0],
        "op_sys": extra.get("op_sys", "All"),
        "platform": extra.get("platform", "All"),
        "target_milestone": "---",
        "classification": "Unclassified",
        "see_also": [row["url"] for row in issue.links],
        "dupe_of": extra.get("dupe_of"),
        "depends_on": [],
        "blocks": [],
        "cc": [],
        "cc_detail": [],
        "groups": [],
        "flags": [],
        "url": "",
        "whiteboard": "",
        "qa_contact": "",
        "is_cc_accessible": True,
        "is_creator_accessible": True,
        "deadline": None,
    }
    return picked(made, call, {"comments": len(issue.comments), "description": issue.description or ""})


def picked(made: dict[str, Any], call: Call, on_demand: dict[str, Any] | None = None) -> dict[str, Any]:
    """Names that do not exist are left out without a word; `_all` and `_extra` add what comes on demand."""
    wanted = [name for name in call.query.get("include_fields", []) if name]
    hidden = {name for name in call.query.get("exclude_fields", []) if name}
    whole = made | {name: value for name, value in (on_demand or {}).items() if name in _EXTRA}
    if not wanted:
        kept = dict(made)
    else:
        names = set(wanted) | (set(made) if "_default" in wanted else set())
        names |= set(whole) if "_all" in wanted else set()
        names |= {f"{name}_detail" for name in wanted}
        kept = {name: value for name, value in whole.items() if name in names}
    return {name: value for name, value in kept.items() if name not in hidden}


def comment_json(bugzilla: "Bugzilla", issue: Issue, row: Comment, place: int) -> dict[str, Any]:
    creator = bugzilla.user(row.author)
    return {
        "id": int(row.id),
        "bug_id": int(issue.id),
        "attachment_id": None,
        "count": place,
        "text": row.body,
        "raw_text": row.body,
        "creator": creator.email,
        "time": stamp(row.created),
        "creation_time": stamp(row.created),
        "is_private": False,
        "tags": [],
    }
