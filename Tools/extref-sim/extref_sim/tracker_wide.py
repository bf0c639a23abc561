# SPDX-License-Identifier: Apache-2.0
"""Trackers that count issues once for the whole site: an issue keeps id, number and key on every move."""

from __future__ import annotations

from typing import Any

from .provider import Provider
from .provider_control import ControlFault
from .world import Issue, Project


class TrackerWide(Provider):
    """The number is the native id. Modules say how a key is written with `issue_key`."""

    first_number = 1

    def make_issue(self, project_key: str, title: str, **values: Any) -> Issue:
        project = self.world.project(project_key)
        if project is not None:
            project.last_number = self.world.next_number("tracker-wide", self.first_number) - 1
        return super().make_issue(project_key, title, **values)

    def new_issue_id(self, project: Project, number: int) -> str:
        return str(number)

    def issue_key(self, project: Project, number: int) -> str:
        return str(number)

    def renamed_key(self, project: Project, issue: Issue) -> str:
        return issue.key

    def control_rename(self, project: Project, key: str) -> None:
        """Keys do not hold the project's: none becomes a previous one."""
        kept = {issue.id: list(issue.previous_keys) for issue in self.world.issues.values()}
        super().control_rename(project, key)
        for id, keys in kept.items():
            self.world.issues[id].previous_keys = keys

    def control_move(self, issue: Issue, to: str) -> Issue:
        project = self.world.project(to)
        if project is None:
            raise ControlFault(f"no project {to!r}; there are {', '.join(self.world.projects)}")
        self.world.rekey(issue, project, issue.number, issue.key)
        return issue
