# SPDX-License-Identifier: Apache-2.0
"""What can be changed: issues, attachments, comments. Ids of the caller's choice make creations
idempotent."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from ...world import Issue
from .errors import failure, missing
from .nodes import attachment_node, issue_node, stamp

if TYPE_CHECKING:
    from .module import Linear

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
TITLE_MAX = 512


def mutation_resolvers(linear: "Linear") -> dict[str, Any]:
    return {f"Mutation.{name}": handler for name, handler in _Mutations(linear).table().items()}


class _Mutations:
    def __init__(self, linear: "Linear") -> None:
        self.linear = linear

    def table(self) -> dict[str, Any]:
        return {
            "issueCreate": self.issue_create,
            "issueUpdate": self.issue_update,
            "attachmentCreate": self.attachment_create,
            "attachmentLinkURL": self.attachment_link,
            "attachmentUpdate": self.attachment_update,
            "attachmentDelete": self.attachment_delete,
            "commentCreate": self.comment_create,
        }

    def _may_write(self, info: Any) -> None:
        if "write" not in info.context.credential.scopes:
            raise failure("Invalid scope: `write` required", "FORBIDDEN", 403)

    def _done(self, **what: Any) -> dict[str, Any]:
        return {"success": True, "lastSyncId": float(self.linear.world.next_number("sync")), **what}

    def _issue(self, id: str) -> Issue:
        found = self.linear.world.seen(id)
        if found is None:
            raise missing("Issue")
        return found

    def _people(self, id: str | None) -> list[str]:
        if not id:
            return []
        found = next((row.login for row in self.linear.world.users.values() if row.id == id), None)
        if found is None:
            raise missing("User")
        return [found]

    def _labels(self, ids: list[str] | None) -> list[str]:
        from .module import LABELS

        names = {id: name for name, id in LABELS.items()}
        for id in ids or []:
            if id not in names:
                raise missing("IssueLabel")
        return [names[id] for id in ids or []]

    def _status(self, id: str | None) -> str | None:
        if id is None:
            return None
        found = self.linear.state_named(id)
        if found is None:
            raise missing("WorkflowState")
        return found.name

    def issue_create(self, root: Any, info: Any, input: dict[str, Any]) -> Any:
        self._may_write(info)
        world = self.linear.world
        team = next(
            (row for row in world.projects.values() if row.id == input["teamId"] and row.visible), None
        )
        if team is None:
            raise missing("Team")
        title = (input.get("title") or "").strip()
        if not title:
            raise failure("Argument Validation Error: title should not be empty")
        if len(title) > TITLE_MAX:
            raise failure(f"Argument Validation Error: title must be shorter than {TITLE_MAX} characters")
        if not 0 <= input.get("priority", 0) <= 4:
            raise failure("Argument Validation Error: priority must be 0 to 4")
        chosen = input.get("id")
        if chosen is not None and not _UUID4.match(chosen):
            raise failure("Argument Validation Error: id must be a UUID of version 4")
        if chosen is not None and chosen in world.issues:
            raise failure("Entity with this id already exists")
        values = {
            "description": input.get("description"),
            "priority": str(input.get("priority", 0)),
            "assignees": self._people(input.get("assigneeId")),
            "labels": self._labels(input.get("labelIds")),
            "status": self._status(input.get("stateId")),
        }
        made = self._made(team.key, title, chosen, values)
        return self._done(issue=issue_node(self.linear, made, info.context.origin))

    def _made(self, team: str, title: str, chosen: str | None, values: dict[str, Any]) -> Issue:
        usual = self.linear.new_issue_id
        if chosen is not None:
            self.linear.new_issue_id = lambda project, number: chosen  # type: ignore[method-assign]
        try:
            return self.linear.make_issue(team, title, **values)
        finally:
            self.linear.new_issue_id = usual  # type: ignore[method-assign]

    def issue_update(self, root: Any, info: Any, id: str, input: dict[str, Any]) -> Any:
        self._may_write(info)
        found = self._issue(id)
        values: dict[str, Any] = {name: input[name] for name in ("title", "description") if name in input}
        if "stateId" in input:
            values["status"] = self._status(input["stateId"])
        if "assigneeId" in input:
            values["assignees"] = self._people(input["assigneeId"])
        if "labelIds" in input:
            values["labels"] = self._labels(input["labelIds"])
        if "priority" in input:
            values["priority"] = str(input["priority"])
        self.linear.world.edit(found, **values)
        return self._done(issue=issue_node(self.linear, found, info.context.origin))

    def attachment_create(self, root: Any, info: Any, input: dict[str, Any]) -> Any:
        """The same URL on the same issue is updated."""
        self._may_write(info)
        found = self._issue(input["issueId"])
        if not re.match(r"https?://\S+$", input["url"]):
            raise failure("Argument Validation Error: url must be a URL")
        now = stamp(self.linear.clock.now())
        row = next((row for row in found.links if row["url"] == input["url"]), None)
        if row is None:
            row = {
                "id": input.get("id") or str(uuid.UUID(int=self.linear.random.getrandbits(128), version=4))
            }
            row |= {"url": input["url"], "createdAt": now}
            found.links.append(row)
        row |= {
            "title": input["title"],
            "subtitle": input.get("subtitle"),
            "metadata": input.get("metadata"),
            "updatedAt": now,
        }
        self.linear.world.touch(found, "updated", [("attachments", None, row["id"])])
        return self._done(attachment=attachment_node(self.linear, found, row, info.context.origin))

    def attachment_link(self, root: Any, info: Any, issueId: str, url: str, **more: Any) -> Any:
        """The short form: the title is the URL's unless given."""
        input = {"issueId": issueId, "url": url, "title": more.get("title") or url}
        return self.attachment_create(root, info, input | ({"id": more["id"]} if more.get("id") else {}))

    def _attachment(self, id: str) -> tuple[Issue, dict[str, Any]]:
        for issue in self.linear.world.all_seen():
            for row in issue.links:
                if row["id"] == id:
                    return issue, row
        raise missing("Attachment")

    def attachment_update(self, root: Any, info: Any, id: str, input: dict[str, Any]) -> Any:
        self._may_write(info)
        issue, row = self._attachment(id)
        row |= {name: input[name] for name in ("title", "subtitle", "metadata") if name in input}
        row["updatedAt"] = stamp(self.linear.clock.now())
        return self._done(attachment=attachment_node(self.linear, issue, row, info.context.origin))

    def attachment_delete(self, root: Any, info: Any, id: str) -> Any:
        self._may_write(info)
        issue, row = self._attachment(id)
        issue.links.remove(row)
        self.linear.world.touch(issue, "updated", [("attachments", id, None)])
        return self._done(entityId=id)

    def comment_create(self, root: Any, info: Any, input: dict[str, Any]) -> Any:
        self._may_write(info)
        found = self._issue(input.get("issueId") or "")
        made = self.linear.world.comment(found, input.get("body") or "")
        url = f"{self.linear.issue_url(found, info.context.origin)}#comment-{made.id}"
        shown = {"id": made.id, "body": made.body, "createdAt": stamp(made.created), "url": url}
        return self._done(comment=shown)
