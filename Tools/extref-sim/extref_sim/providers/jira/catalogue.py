# SPDX-License-Identifier: Apache-2.0
"""What the simulated Jira sites are configured with: statuses, types, priorities, fields."""

from __future__ import annotations

from typing import Any

from ...world import Status

CLOUD_ID = "5e11a000-0000-4000-8000-000000000001"
ACCOUNTS = {
    "alice": "5b10ac8d82e05b22cc7d4ef5",
    "bob": "5b109f2e9729b51b54dc274d",
    "carol": "557058:0867a421-a9ee-4659-801a-bc0ee4a4487e",
}
TIME_ZONE, OFFSET_HOURS = "America/Phoenix", -7
"""The users' zone: seven hours off UTC all year, so that a date without zone cannot be right by luck."""

STATUSES = (
    Status("10000", "To Do", "todo"),
    Status("3", "In Progress", "in_progress"),
    Status("10001", "In Review", "in_progress"),
    Status("10002", "Done", "done"),
    Status("10003", "Won't Do", "done", {"resolution": "Won't Do"}),
    Status("10004", "Erledigt", "done"),
    Status("10005", "Legacy", "unknown"),
)
CATEGORIES: dict[str, dict[str, Any]] = {
    "unknown": {"id": 1, "key": "undefined", "colorName": "medium-gray", "name": "No Category"},
    "todo": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
    "done": {"id": 3, "key": "done", "colorName": "green", "name": "Done"},
    "in_progress": {"id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress"},
}
RESOLUTIONS = {"Done": "10000", "Won't Do": "10001", "Duplicate": "10002", "Cannot Reproduce": "10003"}
PRIORITIES = {"Highest": "1", "High": "2", "Medium": "3", "Low": "4", "Lowest": "5"}
TYPES: dict[str, dict[str, Any]] = {
    "Task": {"id": "10100", "subtask": False, "hierarchyLevel": 0, "description": "A small piece of work."},
    "Bug": {"id": "10101", "subtask": False, "hierarchyLevel": 0, "description": "A problem or error."},
    "Story": {"id": "10102", "subtask": False, "hierarchyLevel": 0, "description": "A user goal."},
    "Sub-task": {"id": "10103", "subtask": True, "hierarchyLevel": -1, "description": "Part of an issue."},
}
PROJECT_TYPES = {"TES": ("Task", "Bug", "Story", "Sub-task"), "OPS": ("Task", "Bug")}
SEVERITY = "customfield_10031"
"""A select list that bugs of OPS must have: the form for it cannot be guessed."""
SEVERITIES = {"Critical": "10201", "Minor": "10202"}
PERMISSIONS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "LINK_ISSUES",
    "ADD_COMMENTS",
    "ASSIGN_ISSUES",
    "TRANSITION_ISSUES",
    "ADMINISTER",
    "ADMINISTER_PROJECTS",
    "SYSTEM_ADMIN",
)
ADMIN_ONLY = ("ADMINISTER", "ADMINISTER_PROJECTS", "SYSTEM_ADMIN")
SCOPES = frozenset(
    {"read:jira-work", "read:jira-user", "write:jira-work", "manage:jira-webhook", "offline_access"}
)
READ_SCOPES = frozenset({"read:jira-user"})
NOT_SEEN = "Issue does not exist or you do not have permission to see it."


def project_types(key: str) -> tuple[str, ...]:
    return PROJECT_TYPES.get(key, ("Task", "Bug"))


def type_named(value: Any) -> str | None:
    """The name of the type a request means: `{"id": "10100"}` or `{"name": "Task"}`."""
    if not isinstance(value, dict):
        return None
    return next(
        (
            name
            for name, row in TYPES.items()
            if value.get("id") == row["id"] or str(value.get("name", "")).lower() == name.lower()
        ),
        None,
    )
