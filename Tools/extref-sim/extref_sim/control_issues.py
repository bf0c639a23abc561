# SPDX-License-Identifier: Apache-2.0
"""The control requests about issues and projects."""

from __future__ import annotations

from typing import Any

from .answers import Answer, empty_answer, json_answer
from .call import Call
from .limits import BULK_CREATE_MAX
from .provider import Provider
from .provider_control import ControlFault
from .simulator import Simulator
from .world import EDITABLE, Issue

_SHOWN_MAX = 1000


class IssueRequests:
    """Handlers of `/_sim/{provider}/issues…` and `/_sim/{provider}/projects…`."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim

    def listed(self, call: Call, provider: Provider) -> Any:
        rows = list(provider.world.issues.values())
        return {
            "total": len(rows),
            "issues": [provider.control_view(row, call.origin) for row in rows[:_SHOWN_MAX]],
        }

    def create(self, call: Call, provider: Provider) -> Answer:
        """{project, title, status, assignee, labels, type, priority, …, count}; a bulk numbers its titles."""
        values = dict(call.body)
        count = int(values.pop("count", 1))
        if not 0 < count <= BULK_CREATE_MAX:
            raise ControlFault(f"count must be 1 to {BULK_CREATE_MAX}")
        project = values.pop("project", None) or next(iter(provider.world.projects))
        title = values.pop("title", "Simulated issue")
        if "assignee" in values:
            assignee = values.pop("assignee")
            values["assignees"] = [assignee] if assignee else []
        unknown = set(values) - set(EDITABLE) - {"visible", "extra"}
        if unknown:
            raise ControlFault(f"cannot set {', '.join(sorted(unknown))}")
        titles = [title if count == 1 else f"{title} {index + 1}" for index in range(count)]
        made = [provider.make_issue(project, text, **_copied(values)) for text in titles]
        return json_answer(
            {
                "total": count,
                "issues": [provider.control_view(row, call.origin) for row in made[:_SHOWN_MAX]],
                "keys": [row.key for row in made],
                "ids": [row.id for row in made],
            },
            201,
        )

    def show(self, call: Call, provider: Provider, key: str) -> Any:
        return provider.control_view(self._found(provider, key), call.origin)

    def edit(self, call: Call, provider: Provider, key: str) -> Any:
        issue = self._found(provider, key)
        provider.control_edit(issue, call.body)
        return provider.control_view(issue, call.origin)

    def delete(self, call: Call, provider: Provider, key: str) -> Answer:
        provider.control_delete(self._found(provider, key))
        return empty_answer()

    def move(self, call: Call, provider: Provider, key: str) -> Any:
        moved = provider.control_move(self._found(provider, key), str(call.body["to"]))
        return provider.control_view(moved, call.origin)

    def comment(self, call: Call, provider: Provider, key: str) -> Any:
        issue = self._found(provider, key)
        provider.world.comment(issue, call.body["body"])
        return provider.control_view(issue, call.origin)

    def project(self, call: Call, provider: Provider) -> Answer:
        """{key, name, id}."""
        key = call.body["key"]
        made = provider.world.add_project(
            str(call.body.get("id", provider.world.next_number("project", 20001))),
            key,
            call.body.get("name", key),
            **call.body.get("extra", {}),
        )
        provider.added_project(made)
        return json_answer({"id": made.id, "key": made.key, "name": made.name}, 201)

    def edit_project(self, call: Call, provider: Provider, key: str) -> Any:
        """{visible: false} hides it all; {key} renames it and its issues; {name}, {extra: {...}}."""
        found = provider.world.project(key)
        if found is None:
            raise ControlFault(f"no project {key!r}")
        if call.body.get("key", found.key) != found.key:
            provider.control_rename(found, call.body["key"])
        found.visible = bool(call.body.get("visible", found.visible))
        found.name = call.body.get("name", found.name)
        found.extra.update(call.body.get("extra", {}))
        return {"id": found.id, "key": found.key, "name": found.name, "visible": found.visible}

    @staticmethod
    def _found(provider: Provider, key: str) -> Issue:
        issue = provider.world.find(key)
        if issue is None:
            raise ControlFault(f"no issue {key!r}")
        return issue


def _copied(values: dict[str, Any]) -> dict[str, Any]:
    """Lists and dicts of a bulk order must not be shared by its issues."""
    return {
        name: value.copy() if isinstance(value, (list, dict)) else value for name, value in values.items()
    }
