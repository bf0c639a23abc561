# SPDX-License-Identifier: Apache-2.0
"""GitLab's GraphQL objects as dicts; fields with arguments have resolvers of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...call import Call
from ...world import Issue, Project, User
from .render import label_json, stamp, state_of, web_url

if TYPE_CHECKING:
    from .module import GitLab


def project_node(gitlab: "GitLab", project: Project, call: Call) -> dict[str, Any]:
    return {
        "_project": project,
        "id": f"gid://gitlab/Project/{project.id}",
        "name": project.name,
        "fullPath": project.key,
        "path": project.key.rpartition("/")[2],
        "webUrl": f"{gitlab.web(call)}/{project.key}",
        "archived": False,
        "issuesEnabled": project.extra.get("issues_enabled", True),
    }


def space_node(gitlab: "GitLab", project: Project | None, path: str) -> dict[str, Any]:
    id = f"Namespaces::ProjectNamespace/{project.id}" if project else "Group/77"
    full = project.key if project else path
    return {
        "_project": project,
        "id": f"gid://gitlab/{id}",
        "name": full.rpartition("/")[2],
        "fullPath": full,
        "fullName": full.replace("/", " / "),
    }


def user_nodes(gitlab: "GitLab", users: list[User], call: Call) -> list[dict[str, Any]]:
    return [
        {
            "id": f"gid://gitlab/User/{user.id}",
            "username": user.login,
            "name": user.name,
            "webUrl": f"{gitlab.web(call)}/{user.login}",
            "publicEmail": "",
        }
        for user in users
    ]


def label_nodes(project: Project, names: list[str]) -> list[dict[str, Any]]:
    rows = [label_json(project, name) for name in names]
    return [
        {
            "id": f"gid://gitlab/ProjectLabel/{row['id']}",
            "title": row["name"],
            "color": row["color"],
            "description": None,
        }
        for row in rows
    ]


def _common(gitlab: "GitLab", issue: Issue, call: Call) -> dict[str, Any]:
    return {
        "_issue": issue,
        "title": issue.title,
        "description": issue.description or "",
        "confidential": bool(issue.extra.get("confidential")),
        "createdAt": stamp(issue.created),
        "updatedAt": stamp(issue.updated),
        "closedAt": stamp(issue.closed),
        "author": user_nodes(gitlab, [gitlab.user(issue.reporter)], call)[0],
    }


def issue_node(gitlab: "GitLab", issue: Issue, call: Call) -> dict[str, Any]:
    web = gitlab.web(call)
    return _common(gitlab, issue, call) | {
        "id": f"gid://gitlab/Issue/{issue.id}",
        "iid": str(issue.number),
        "state": state_of(gitlab, issue),
        "type": issue.type.upper(),
        "severity": "HIGH" if issue.type == "incident" else "UNKNOWN",
        "webUrl": web_url(issue, web),
        "webPath": web_url(issue, "/gitlab"),
        "moved": issue.moved_to is not None,
        "projectId": int(gitlab.world.projects[issue.project].id),
        "status": _status(gitlab, issue),
    }


def work_item_node(gitlab: "GitLab", issue: Issue, call: Call) -> dict[str, Any]:
    """The same row seen as a work item; its web address is another."""
    web = gitlab.web(call)
    target = gitlab.world.issues.get(issue.moved_to or "")
    widgets = [
        {"__typename": "WorkItemWidgetDescription", "type": "DESCRIPTION", "description": issue.description},
        {"__typename": "WorkItemWidgetAssignees", "type": "ASSIGNEES", "_issue": issue},
        {"__typename": "WorkItemWidgetLabels", "type": "LABELS", "_issue": issue},
    ]
    if gitlab.settings["premium"]:
        status = _status(gitlab, issue)
        widgets.append({"__typename": "WorkItemWidgetStatus", "type": "STATUS", "status": status})
    return _common(gitlab, issue, call) | {
        "id": f"gid://gitlab/WorkItem/{issue.id}",
        "iid": str(issue.number),
        "state": "OPEN" if state_of(gitlab, issue) == "opened" else "CLOSED",
        "webUrl": f"{web}/{issue.project}/-/work_items/{issue.number}",
        "movedToWorkItemUrl": f"{web}/{target.project}/-/work_items/{target.number}" if target else None,
        "namespace": space_node(gitlab, gitlab.world.projects[issue.project], issue.project),
        "workItemType": {
            "id": "gid://gitlab/WorkItems::Type/1",
            "name": issue.type.replace("_", " ").title(),
            "iconName": f"issue-type-{issue.type}",
        },
        "widgets": widgets,
    }


def _status(gitlab: "GitLab", issue: Issue) -> dict[str, Any] | None:
    """Premium only. The case of the category is a switch: nobody could verify which one is real."""
    if not gitlab.settings["premium"]:
        return None
    row = gitlab.world.status(issue)
    category = row.extra["category"]
    lower = gitlab.settings["status_category_case"] == "lower"
    return {
        "id": f"gid://gitlab/WorkItems::Statuses::SystemDefined::Status/{row.id}",
        "name": row.extra["name"],
        "category": category.lower() if lower else category,
        "color": "#737278",
        "iconName": "status-waiting",
    }
