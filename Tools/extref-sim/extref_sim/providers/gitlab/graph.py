# SPDX-License-Identifier: Apache-2.0
"""GraphQL: projects by alias, work items with their status widget. What cannot be seen is null, without an
error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from graphql import GraphQLError

from ...paging import make_cursor, read_cursor
from ...world import Issue, Project
from . import auth
from .graph_objects import issue_node, label_nodes, project_node, space_node, user_nodes, work_item_node
from .issues import filtered, seen

if TYPE_CHECKING:
    from .module import GitLab

PAGE_MAX = 100


def resolvers(gitlab: "GitLab") -> dict[str, Any]:
    return _Resolvers(gitlab).table()


class _Resolvers:
    def __init__(self, gitlab: "GitLab") -> None:
        self.gitlab = gitlab

    def table(self) -> dict[str, Any]:
        return {
            "Query.currentUser": self.me,
            "Query.project": self.project,
            "Query.namespace": self.namespace,
            "Query.issue": lambda root, info, id: self._by_gid(info, id, issue_node),
            "Query.workItem": lambda root, info, id: self._by_gid(info, id, work_item_node),
            "Query.metadata": self.metadata,
            "Project.issue": lambda root, info, **ask: self._first(root, info, issue_node, ask),
            "Project.issues": lambda root, info, **ask: self._listed(root, info, issue_node, ask),
            "Project.workItems": lambda root, info, **ask: self._listed(root, info, work_item_node, ask),
            "Project.labels": self.project_labels,
            "Namespace.workItem": lambda root, info, **ask: self._first(root, info, work_item_node, ask),
            "Namespace.workItems": lambda root, info, **ask: self._listed(root, info, work_item_node, ask),
            "Issue.assignees": self.assignees,
            "Issue.labels": self.labels,
            "Issue.movedTo": self.moved_to,
            "Issue.reference": self.reference,
            "WorkItem.reference": self.reference,
            "WorkItemWidgetAssignees.assignees": self.assignees,
            "WorkItemWidgetLabels.labels": self.labels,
        }

    def me(self, root: Any, info: Any) -> Any:
        held = info.context.credential
        user = self.gitlab.user(held.user) if held else None
        return user_nodes(self.gitlab, [user], info.context)[0] if user else None

    def metadata(self, root: Any, info: Any) -> Any:
        version = self.gitlab.settings["version"]
        return {"version": version, "revision": "abcdef0123", "enterprise": version.endswith("-ee")}

    def project(self, root: Any, info: Any, fullPath: str) -> Any:
        project = self._at(info, fullPath)
        return project_node(self.gitlab, project, info.context) if project else None

    def namespace(self, root: Any, info: Any, fullPath: str) -> Any:
        """Projects have a namespace of their own path; that of a group holds no issues here."""
        project = self._at(info, fullPath)
        groups = {row.key.rpartition("/")[0].lower() for row in self.gitlab.world.projects.values()}
        if project is None and fullPath.lower() not in groups:
            return None
        return space_node(self.gitlab, project, fullPath)

    def _at(self, info: Any, path: str) -> Project | None:
        """Old paths lead to the renamed project here too."""
        project = self.gitlab.by_path(path)
        rows = self.gitlab.world.projects.values()
        project = project or next((row for row in rows if self.gitlab.was_called(row, path)), None)
        return project if project is not None and auth.may_see(info.context, project) else None

    def _by_gid(self, info: Any, gid: str, render: Any) -> Any:
        kind, _, id = gid.rpartition("/")
        if not kind.startswith("gid://gitlab/") or not id.isdigit():
            raise GraphQLError(f'"{gid}" is not a valid GitLab ID.')
        issue = next((row for row in seen(self.gitlab, info.context) if row.id == id), None)
        return render(self.gitlab, issue, info.context) if issue else None

    # -- Below a project -----------------------------------------------------------------------------

    def _rows(self, root: Any, info: Any, ask: dict[str, Any]) -> list[Issue]:
        project: Project | None = root["_project"]
        rows = [row for row in seen(self.gitlab, info.context) if project and row.project == project.key]
        iids = list(ask.get("iids") or ()) + ([ask["iid"]] if ask.get("iid") else [])
        names = {"updatedAfter": "updated_after", "updatedBefore": "updated_before"}
        plain = {names.get(name, name): value for name, value in ask.items() if value is not None}
        plain.pop("iids", None)
        if iids:
            plain["iids"] = [int(text) for text in iids if text.isdigit()]
        labels = set(ask.get("labelName") or ())
        rows = [row for row in filtered(self.gitlab, rows, plain) if labels <= set(row.labels)]
        sort = (ask.get("sort") or "CREATED_DESC").upper()
        field = "updated" if sort.startswith("UPDATED") else "created"
        rows.sort(key=lambda row: (getattr(row, field), row.number), reverse=sort.endswith("DESC"))
        return rows

    def _first(self, root: Any, info: Any, render: Any, ask: dict[str, Any]) -> Any:
        rows = self._rows(root, info, ask)
        return render(self.gitlab, rows[0], info.context) if rows else None

    def _listed(self, root: Any, info: Any, render: Any, ask: dict[str, Any]) -> Any:
        made = connection(self._rows(root, info, ask), **ask)
        return made | {"nodes": [render(self.gitlab, row, info.context) for row in made["nodes"]]}

    def project_labels(self, root: Any, info: Any, searchTerm: str | None = None, **ask: Any) -> Any:
        project = root["_project"]
        known = project.extra.get("labels", {})
        names = [name for name in known if (searchTerm or "").lower() in name.lower()]
        made = connection(sorted(names), **ask)
        return made | {"nodes": label_nodes(project, made["nodes"])}

    # -- Below an issue ------------------------------------------------------------------------------

    def assignees(self, root: Any, info: Any, **ask: Any) -> Any:
        made = connection([self.gitlab.user(login) for login in root["_issue"].assignees], **ask)
        return made | {"nodes": user_nodes(self.gitlab, made["nodes"], info.context)}

    def labels(self, root: Any, info: Any, **ask: Any) -> Any:
        issue = root["_issue"]
        made = connection(issue.labels, **ask)
        return made | {"nodes": label_nodes(self.gitlab.world.projects[issue.project], made["nodes"])}

    def moved_to(self, root: Any, info: Any) -> Any:
        """The only way for non-administrators to learn where an issue went."""
        target = root["_issue"].moved_to
        found = next((row for row in seen(self.gitlab, info.context) if row.id == target), None)
        return issue_node(self.gitlab, found, info.context) if found else None

    @staticmethod
    def reference(root: Any, info: Any, full: bool = False) -> str:
        issue = root["_issue"]
        return f"{issue.project if full else ''}#{issue.number}"


def connection(rows: Sequence[Any], **ask: Any) -> dict[str, Any]:
    """100 rows at most, whatever was asked."""
    first, last = ask.get("first"), ask.get("last")
    start, end = 0, len(rows)
    for name in ("after", "before"):
        if ask.get(name):
            state = read_cursor(ask[name])
            if state is None:
                raise GraphQLError(f"Please provide a valid cursor: {ask[name]}")
            start, end = (state["at"] + 1, end) if name == "after" else (start, state["at"])
    if last is not None and first is None:
        start = max(start, end - min(last, PAGE_MAX))
    end = min(end, start + min(first if first is not None else PAGE_MAX, PAGE_MAX))
    info = {
        "hasNextPage": end < len(rows),
        "hasPreviousPage": start > 0,
        "startCursor": make_cursor(at=start) if end > start else None,
        "endCursor": make_cursor(at=end - 1) if end > start else None,
    }
    return {"nodes": list(rows[start:end]), "pageInfo": info, "count": len(rows)}
