# SPDX-License-Identifier: Apache-2.0
"""What a written story must hold: ids that exist, a state or a project, external links that are addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...answers import Refusal
from ...world import Issue, Project, Status
from .seed import first_state

if TYPE_CHECKING:
    from .module import Shortcut

_PLAIN = {"name": "title", "description": "description", "story_type": "type"}
_KEPT = ("archived", "external_id", "estimate", "deadline")
_UNSIMULATED = ("epic_id", "iteration_id", "parent_story_id", "story_template_id")
_LINK = re.compile(r"https?://\S+$")
_LINK_MAX = 2048


class Written:
    """The body of a creation or an edit, checked and in the words of our Issue."""

    def __init__(self, shortcut: "Shortcut", body: dict[str, Any], issue: Issue | None = None) -> None:
        self.shortcut = shortcut
        self.issue = issue
        self.values = {ours: body[theirs] for theirs, ours in _PLAIN.items() if theirs in body}
        self.extra = {name: body[name] for name in _KEPT if name in body}
        self.links: list[dict[str, Any]] | None = None
        self.project: Project | None = None
        if not str(body.get("name", "x")).strip():
            raise self._invalid("name", "The name of a story must not be blank.")
        for name in _UNSIMULATED:
            if body.get(name) is not None:
                raise self._invalid(name, f"No such {name}: {body[name]}.")
        self._place(body)
        self._state(body)
        self._people(body)
        if "labels" in body:
            self.values["labels"] = list(dict.fromkeys(row["name"] for row in body["labels"]))
        if "external_links" in body:
            self.links = self._links(body["external_links"])

    def _place(self, body: dict[str, Any]) -> None:
        """Project and team: either places the story; what is not named is left empty."""
        rows = self.shortcut.seen_projects()
        ids = {"project_id": lambda row: int(row.id), "group_id": lambda row: row.extra["group"]}
        for name, of in ids.items():
            wanted = body.get(name)
            if name not in body:
                if self.issue is None:
                    self.extra[name] = None
                continue
            self.extra[name] = wanted
            found = next((row for row in rows if of(row) == wanted), None)
            if wanted is not None and found is None:
                raise self._invalid(name, f"No such {name}: {wanted}.")
            if found is not None and (self.project is None or name == "project_id"):
                self.project = found if name == "project_id" else self.project or found

    def _state(self, body: dict[str, Any]) -> None:
        wanted = body.get("workflow_state_id")
        if wanted is None:
            if self.issue is None and body.get("project_id") is None:
                text = "Either workflow_state_id or project_id must be given."
                raise self._invalid("workflow_state_id", text)
            if self.project is not None and body.get("project_id") is not None:
                self._follow(self.project.extra["workflow"])
            return
        state = next((row for row in self.shortcut.statuses if int(row.id) == wanted), None)
        if state is None:
            raise self._invalid("workflow_state_id", f"No such workflow_state_id: {wanted}.")
        self._fits(state, body)
        self.values["status"] = state.name

    def _fits(self, state: Status, body: dict[str, Any]) -> None:
        """A project has one workflow; a story without a project may be in any."""
        named = body.get("project_id", self.issue.extra.get("project_id") if self.issue else None)
        project = self.project if named is not None else None
        if project is not None and project.extra["workflow"] != state.extra["workflow"]:
            text = "The workflow_state_id is not of the workflow of the story's project."
            raise self._invalid("workflow_state_id", text)

    def _follow(self, workflow: int) -> None:
        """A project without a state puts a new or foreign story into its workflow's default state."""
        now = self.shortcut.world.status(self.issue) if self.issue else None
        if now is None or now.extra["workflow"] != workflow:
            self.values["status"] = first_state(workflow).name

    def _people(self, body: dict[str, Any]) -> None:
        logins = {user.id: user.login for user in self.shortcut.world.users.values()}
        named = [*body.get("owner_ids", ()), *body.get("follower_ids", ())]
        named += [body["requested_by_id"]] if "requested_by_id" in body else []
        for id in named:
            if id not in logins:
                raise self._invalid("owner_ids", f"No such member: {id}.")
        if "owner_ids" in body:
            self.values["assignees"] = [logins[id] for id in body["owner_ids"]]
        if "requested_by_id" in body:
            self.values["reporter"] = logins[body["requested_by_id"]]

    def _links(self, urls: list[str]) -> list[dict[str, Any]]:
        """A set in the order given: the same address twice is one link."""
        for url in urls:
            if len(url) > _LINK_MAX or not _LINK.match(url):
                raise self._invalid("external_links", f"Not an external link: {url[:80]}.", 400)
        return [{"url": url} for url in dict.fromkeys(urls)]

    def _invalid(self, name: str, message: str, status: int = 422) -> Refusal:
        return self.shortcut.refuse(status, message, errors={name: "invalid"})
