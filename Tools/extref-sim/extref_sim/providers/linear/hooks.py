# SPDX-License-Identifier: Apache-2.0
"""Webhooks made by the API: for one team or for all, for some kinds of things, signed with a secret."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from ...webhooks import Event, Subscription
from ...world import Issue
from .errors import failure, missing
from .nodes import page, stamp, team_node

if TYPE_CHECKING:
    from .module import Linear

RESOURCES = ("Issue", "Comment", "IssueLabel", "Project", "Attachment", "Cycle", "Reaction", "User")


def hook_resolvers(linear: "Linear") -> dict[str, Any]:
    hooks = _Hooks(linear)
    return {
        "Query.webhooks": hooks.listed,
        "Mutation.webhookCreate": hooks.create,
        "Mutation.webhookUpdate": hooks.update,
        "Mutation.webhookDelete": hooks.delete,
    }


def wants(linear: "Linear", row: Subscription, issue: Issue, event: Event) -> bool:
    """Those made by a control request get everything."""
    if "resourceTypes" not in row.extra:
        return True
    team = linear.world.projects[issue.project].id
    kinds = row.extra["resourceTypes"]
    return row.extra["enabled"] and event.body["type"] in kinds and row.extra["teamId"] in (None, team)


class _Hooks:
    def __init__(self, linear: "Linear") -> None:
        self.linear = linear

    def _admin(self, info: Any) -> None:
        if info.context.credential.user != "alice":
            raise failure("You need to be an admin to manage webhooks", "FORBIDDEN", 403)

    def _rows(self) -> list[Subscription]:
        return [row for row in self.linear.sim.hooks.of(self.linear.name) if "resourceTypes" in row.extra]

    def _found(self, id: str) -> Subscription:
        found = next((row for row in self._rows() if row.extra["id"] == id), None)
        if found is None:
            raise missing("Webhook")
        return found

    def _node(self, row: Subscription) -> dict[str, Any]:
        team = next(
            (item for item in self.linear.world.projects.values() if item.id == row.extra["teamId"]), None
        )
        same = ("id", "label", "enabled", "resourceTypes", "createdAt", "updatedAt")
        return {name: row.extra[name] for name in same} | {
            "url": row.url,
            "secret": row.secret or None,
            "allPublicTeams": row.extra["teamId"] is None,
            "team": team_node(self.linear, team) if team else None,
            "failures": [],
        }

    def _done(self, **what: Any) -> dict[str, Any]:
        return {"success": True, "lastSyncId": float(self.linear.world.next_number("sync")), **what}

    def listed(self, root: Any, info: Any, **ask: Any) -> Any:
        self._admin(info)
        return page(
            self._rows(), self._node, **{name: ask[name] for name in ("first", "after") if name in ask}
        )

    def create(self, root: Any, info: Any, input: dict[str, Any]) -> Any:
        self._admin(info)
        teams = {row.id for row in self.linear.world.projects.values() if row.visible}
        team = input.get("teamId")
        if (team is None) == (not input.get("allPublicTeams")):
            raise failure("Argument Validation Error: either teamId or allPublicTeams must be given")
        if team is not None and team not in teams:
            raise missing("Team")
        _check(input)
        now = stamp(self.linear.clock.now())
        id = input.get("id") or str(uuid.UUID(int=self.linear.random.getrandbits(128), version=4))
        extra = {"id": id, "teamId": team, "createdAt": now, "updatedAt": now, "label": input.get("label")}
        extra |= {"enabled": input.get("enabled", True), "resourceTypes": input["resourceTypes"]}
        secret = input.get("secret") or f"lin_wh_{self.linear.random.getrandbits(64):016x}"
        row = self.linear.sim.hooks.add(self.linear.name, input["url"], secret, "linear", extra=extra)
        return self._done(webhook=self._node(row))

    def update(self, root: Any, info: Any, id: str, input: dict[str, Any]) -> Any:
        self._admin(info)
        row = self._found(id)
        _check({"url": row.url, "resourceTypes": row.extra["resourceTypes"], **input})
        row.url, row.secret = input.get("url") or row.url, input.get("secret") or row.secret
        row.extra |= {name: input[name] for name in ("label", "enabled", "resourceTypes") if name in input}
        row.extra["updatedAt"] = stamp(self.linear.clock.now())
        return self._done(webhook=self._node(row))

    def delete(self, root: Any, info: Any, id: str) -> Any:
        self._admin(info)
        self.linear.sim.hooks.remove(self._found(id).id)
        return self._done(entityId=id)


def _check(input: dict[str, Any]) -> None:
    if not re.match(r"https?://\S+$", input["url"]):
        raise failure("Argument Validation Error: url must be a URL")
    unknown = set(input["resourceTypes"]) - set(RESOURCES)
    if unknown or not input["resourceTypes"]:
        raise failure(f"Argument Validation Error: resourceTypes {sorted(unknown)} are not known")
