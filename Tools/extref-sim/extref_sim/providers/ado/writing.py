# SPDX-License-Identifier: Apache-2.0
"""Creating and changing work items. Both answer 200 with the whole item; `validateOnly` changes nothing."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .errors import missing_project
from .items import found_item
from .patching import check_required, check_tests, field_rows, issue_values, patched_relations, split_patch
from .render import item_json

if TYPE_CHECKING:
    from .module import AzureDevOps


def create(ado: "AzureDevOps", call: Call) -> Answer:
    base, project = ado.base(call), ado.project_of(call)
    assert project is not None and call.credential is not None
    kind = ado.type_named(project, call.params["type"])
    fields, relations, tests = split_patch(call)
    check_tests(None, tests)
    extra: dict[str, Any] = {}
    rows = field_rows(fields)
    values = issue_values(ado, project, kind, rows, extra)
    check_required(kind, values, extra)
    values = {"status": kind.states[0]} | values
    draft = Issue("0", project.key, 0, "0", "", ado.clock.now(), ado.clock.now())
    links = patched_relations(ado, draft, relations) or []
    if call.query.get("validateOnly"):
        return json_answer(_draft_json(ado, base, project.key, kind.name, values, extra, links))
    reporter = call.credential.user
    title = values.pop("title")
    issue = ado.make_issue(
        project.key, title, type=kind.name, extra=extra, links=links, reporter=reporter, **values
    )
    if fields.get("System.History"):
        ado.world.comment(issue, fields["System.History"], reporter)
    return json_answer(item_json(ado, issue, base, None, True, True))


def _draft_json(
    ado: "AzureDevOps", base: str, project: str, kind: str, values: dict[str, Any], extra: Any, links: Any
) -> dict[str, Any]:
    """A dry run answers the item as it would be, without an id worth remembering."""
    now = ado.clock.now()
    known = {name: value for name, value in values.items() if name not in ("title", "status")}
    known.setdefault("priority", ado.default_priority)
    draft = Issue(
        "0", project, 0, "0", values["title"], now, now, status=values["status"], type=kind, **known
    )
    draft.extra, draft.links = extra, links
    return item_json(ado, draft, base, None, True, False)


def edit(ado: "AzureDevOps", call: Call) -> Answer:
    """Everything or nothing. A comment may come in System.History; a new project or type moves the item."""
    base, issue = ado.base(call), found_item(ado, call, call.params["id"])
    assert call.credential is not None
    fields, relations, tests = split_patch(call)
    check_tests(issue, tests)
    rows = field_rows(fields)
    project = ado.world.projects[issue.project]
    target = fields.get("System.TeamProject")
    if target is not None:
        found = ado.world.project(str(target))
        if found is None or not found.visible:
            raise missing_project(str(target))
        project = found
    kind = ado.type_named(project, str(fields.get("System.WorkItemType") or issue.type))
    extra = copy.copy(issue.extra)
    values = issue_values(ado, project, kind, rows, extra)
    links = patched_relations(ado, issue, relations)
    if call.query.get("validateOnly"):
        return json_answer(item_json(ado, issue, base, None, True, True))
    issue.extra = extra
    if project.key != issue.project:
        ado.control_move(issue, project.key)
    author = call.credential.user
    values |= {"type": kind.name} if kind.name != issue.type else {}
    _apply(ado, issue, values, links, author)
    if fields.get("System.History"):
        ado.world.comment(issue, fields["System.History"], author)
    return json_answer(item_json(ado, issue, base, None, True, True))


def _apply(ado: "AzureDevOps", issue: Issue, values: dict[str, Any], links: Any, author: str) -> None:
    """One revision for all of it."""
    items = []
    if links is not None:
        items.append(("relations", list(issue.links), links))
        issue.links = links
    for name, after in values.items():
        before = getattr(issue, name)
        if before != after:
            setattr(issue, name, after)
            items.append((name, before, after))
    ado.world.touch(issue, "updated", items, author)
