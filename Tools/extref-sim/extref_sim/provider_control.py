# SPDX-License-Identifier: Apache-2.0
"""What `/_sim/{provider}/issues…` does to a world; providers override where their vendor differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .world import EDITABLE, Issue, Project

if TYPE_CHECKING:
    from .world import World


class ControlFault(Exception):
    """A wrong control request; becomes a 400 of the control endpoint."""


class IssueControl:
    """Mixed into Provider."""

    world: "World"
    default_type = "Task"
    default_priority: str | None = None

    def new_issue_id(self, project: Project, number: int) -> str:
        """The native id, in the vendor's format."""
        return str(self.world.next_number("issue", 10001))

    def issue_key(self, project: Project, number: int) -> str:
        return f"{project.key}-{number}"

    def issue_url(self, issue: Issue, origin: str) -> str:
        """The web address of an issue, as a user would paste it."""
        return f"{origin}/{issue.key}"

    def make_issue(self, project_key: str, title: str, **values: Any) -> Issue:
        """A new issue with the next number of its project. Values: attributes of Issue."""
        project = self.world.project(project_key)
        if project is None:
            raise ControlFault(f"no project {project_key!r}; there are {', '.join(self.world.projects)}")
        project.last_number += 1
        now = self.world.clock.now()
        status = values.pop("status", None) or next(iter(self.world.statuses), "")
        kind = values.pop("type", None) or self.default_type
        values.setdefault("priority", self.default_priority)
        key = self.issue_key(project, project.last_number)
        created = values.pop("created", now)
        issue = Issue(
            self.new_issue_id(project, project.last_number),
            project.key,
            project.last_number,
            key,
            title,
            created,
            now,
            status=self.known_status(status),
            type=kind,
            **values,
        )
        if self.world.statuses and self.world.status(issue).category in ("done", "canceled"):
            issue.closed = now
        return self.world.add_issue(issue)

    def known_status(self, name: str) -> str:
        if self.world.statuses and name not in self.world.statuses:
            raise ControlFault(f"no status {name!r}; there are {', '.join(self.world.statuses)}")
        return name

    def control_edit(self, issue: Issue, values: dict[str, Any]) -> None:
        """PATCH: visible, assignee (a login or null) and everything in EDITABLE, all in one change."""
        values = dict(values)
        if "visible" in values:
            issue.visible = bool(values.pop("visible"))
        if "assignee" in values:
            assignee = values.pop("assignee")
            values["assignees"] = [assignee] if assignee else []
        unknown = set(values) - set(EDITABLE)
        if unknown:
            raise ControlFault(f"cannot edit {', '.join(sorted(unknown))}; there are {', '.join(EDITABLE)}")
        if "status" in values:
            self.known_status(values["status"])
        if values:
            self.world.edit(issue, **values)

    def control_delete(self, issue: Issue) -> None:
        """Deleted upstream."""
        issue.deleted = True
        self.world.touch(issue, "deleted", [])

    def control_move(self, issue: Issue, to: str) -> Issue:
        """Moved to another project; the id stays. Returns the issue as it is now."""
        project = self.world.project(to)
        if project is None:
            raise ControlFault(f"no project {to!r}; there are {', '.join(self.world.projects)}")
        project.last_number += 1
        self.world.rekey(issue, project, project.last_number, self.issue_key(project, project.last_number))
        return issue

    def move_as_new(self, issue: Issue, to: str) -> Issue:
        """The move of trackers that make a new issue and leave the old one behind with `moved_to`."""
        project = self.world.project(to)
        if project is None:
            raise ControlFault(f"no project {to!r}; there are {', '.join(self.world.projects)}")
        made = self.make_issue(
            project.key,
            issue.title,
            status=issue.status,
            type=issue.type,
            description=issue.description,
            priority=issue.priority,
            reporter=issue.reporter,
            assignees=list(issue.assignees),
            labels=list(issue.labels),
            created=issue.created,
            comments=list(issue.comments),
            extra={**issue.extra, "moved_from": issue.id},
        )
        issue.moved_to = made.id
        return made

    def control_rename(self, project: Project, key: str) -> None:
        """The project has a new key, and its issues with it. The old key goes on in `extra["previous_keys"]`:
        whether it still leads here is the vendor's business."""
        old, world = project.key, self.world
        if world.project(key) is not None:
            raise ControlFault(f"there is a project {key!r} already")
        project.extra.setdefault("previous_keys", []).append(old)
        world.projects = {(key if name == old else name): row for name, row in world.projects.items()}
        project.key = key
        for issue in world.issues.values():
            if issue.project == old:
                issue.previous_keys.append(issue.key)
                issue.project, issue.key = key, self.renamed_key(project, issue)
                world.aliases[issue.key.lower()] = issue.id

    def added_project(self, project: Project) -> None:
        """A control request made a project: gives it what every project of that vendor has."""

    def renamed_key(self, project: Project, issue: Issue) -> str:
        """The key of an issue whose project was renamed."""
        return self.issue_key(project, issue.number)

    def control_view(self, issue: Issue, origin: str) -> dict[str, Any]:
        """What control requests answer with: enough for a test to know what it made."""
        return {
            "id": issue.id,
            "key": issue.key,
            "project": issue.project,
            "number": issue.number,
            "url": self.issue_url(issue, origin),
            "title": issue.title,
            "status": issue.status,
            "assignees": issue.assignees,
            "labels": issue.labels,
            "visible": issue.visible,
            "deleted": issue.deleted,
            "moved_to": issue.moved_to,
            "previous_keys": issue.previous_keys,
            "links": issue.links,
            "comments": [row.body for row in issue.comments],
            "rev": issue.rev,
        }
