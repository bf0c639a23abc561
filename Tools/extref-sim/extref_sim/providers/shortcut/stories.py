# SPDX-License-Identifier: Apache-2.0
"""Stories: one by one, by filters, by our own address, made, changed, commented."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Callable

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...world import Issue
from .render import comment_json, label_id, slim_json, stamp, story_json
from .writing import Written

if TYPE_CHECKING:
    from .module import Shortcut


def found(shortcut: "Shortcut", call: Call) -> Issue:
    issue = shortcut.world.seen(call.params["story-public-id"])
    if issue is None:
        raise shortcut.refuse(404, "Resource not found.")
    return issue


def show(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer(story_json(shortcut, found(shortcut, call), call.origin))


def create(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer(story_json(shortcut, made(shortcut, call, call.body), call.origin), 201)


def create_many(shortcut: "Shortcut", call: Call) -> Answer:
    """All or none: every story is checked before the first is made."""
    for body in call.body["stories"]:
        Written(shortcut, body)
    rows = [made(shortcut, call, body) for body in call.body["stories"]]
    return json_answer([slim_json(shortcut, row, call.origin) for row in rows], 201)


def made(shortcut: "Shortcut", call: Call, body: dict[str, Any]) -> Issue:
    """A story without project and team lives in the simulator's first project, and does not show it."""
    written = Written(shortcut, body)
    assert call.credential is not None
    values = {"type": "feature", "reporter": call.credential.user, **written.values}
    project = written.project or shortcut.seen_projects()[0]
    issue = shortcut.make_issue(
        project.key, values.pop("title"), extra=written.extra, links=written.links or [], **values
    )
    for row in body.get("comments", ()):
        shortcut.world.comment(issue, row["text"], call.credential.user)
    return issue


def edit(shortcut: "Shortcut", call: Call) -> Answer:
    """Arrays replace what was there: who adds a link sends the old ones too."""
    issue = found(shortcut, call)
    written = Written(shortcut, call.body, issue)
    assert call.credential is not None
    who, items = call.credential.user, []
    for name, after in written.extra.items():
        if issue.extra.get(name) != after:
            items.append((name, issue.extra.get(name), after))
            issue.extra[name] = after
    if written.links is not None and written.links != issue.links:
        items.append(("links", issue.links, written.links))
        issue.links = written.links
    if written.project is not None and written.project.key != issue.project:
        items.append(("project", issue.project, written.project.key))
        issue.project = written.project.key
        issue.extra["moved_at"] = stamp(shortcut.clock.now())
    for name, after in written.values.items():
        if getattr(issue, name) != after:
            items.append((name, getattr(issue, name), after))
            setattr(issue, name, after)
    if items:
        shortcut.world.touch(issue, "updated", items, who)
    return json_answer(story_json(shortcut, issue, call.origin))


def delete(shortcut: "Shortcut", call: Call) -> Answer:
    shortcut.control_delete(found(shortcut, call))
    return empty_answer()


def by_filters(shortcut: "Shortcut", call: Call) -> Answer:
    """`POST /stories/search` has no pages: everything at once, with 201."""
    body = call.body or {}
    described = bool(body.get("includes_description"))
    rows = [row for row in shortcut.world.all_seen() if _fits(shortcut, row, body, call.origin)]
    return json_answer([slim_json(shortcut, row, call.origin, described) for row in rows], 201)


def by_link(shortcut: "Shortcut", call: Call) -> Answer:
    wanted = call.query["external_link"]
    rows = [row for row in shortcut.world.all_seen() if any(link["url"] == wanted for link in row.links)]
    return json_answer([slim_json(shortcut, row, call.origin) for row in rows])


_ONE_OF = {"project_ids": "project_id", "group_ids": "group_id", "epic_ids": "epic_id"}
_ONE_OF |= {"iteration_ids": "iteration_id"}
_DATES: dict[str, Callable[[Issue], datetime | None]] = {
    "updated_at": lambda row: row.updated,
    "created_at": lambda row: row.created,
    "completed_at": lambda row: row.closed,
    "deadline": lambda row: None,
}


def _fits(shortcut: "Shortcut", issue: Issue, body: dict[str, Any], origin: str) -> bool:
    shown = slim_json(shortcut, issue, origin)
    state = shortcut.world.status(issue).extra["type"]
    for name, want in body.items():
        if name == "includes_description":
            continue
        if name.endswith(("_start", "_end")):
            base, _, side = name.rpartition("_")
            if not _in_time(_DATES[base](issue), side, want):
                return False
            continue
        fine = {
            "owner_id": lambda: want in shown["owner_ids"] if want else not shown["owner_ids"],
            "owner_ids": lambda: bool(set(want) & set(shown["owner_ids"])),
            "label_name": lambda: want in issue.labels,
            "label_ids": lambda: any(label_id(text) in want for text in issue.labels),
            "workflow_state_types": lambda: state in want,
        }.get(name)
        if fine is None:
            given = shown[_ONE_OF.get(name, name)]
            if not (given in want if name in _ONE_OF else given == want):
                return False
        elif not fine():
            return False
    return True


def _in_time(moment: datetime | None, side: str, text: str) -> bool:
    """Both ends belong to it; stories are compared as they are shown, in whole seconds."""
    if moment is None:
        return False
    shown, bound = moment.replace(microsecond=0), datetime.fromisoformat(text.replace("Z", "+00:00"))
    return shown >= bound if side == "start" else shown <= bound


def comments(shortcut: "Shortcut", call: Call) -> Answer:
    issue = found(shortcut, call)
    return json_answer([comment_json(shortcut, issue, row, call.origin) for row in issue.comments])


def comment(shortcut: "Shortcut", call: Call) -> Answer:
    issue = found(shortcut, call)
    assert call.credential is not None
    row = shortcut.world.comment(issue, call.body["text"], call.credential.user)
    return json_answer(comment_json(shortcut, issue, row, call.origin), 201)


def uncomment(shortcut: "Shortcut", call: Call) -> Answer:
    issue = found(shortcut, call)
    row = next((row for row in issue.comments if row.id == call.params["comment-public-id"]), None)
    if row is None:
        raise shortcut.refuse(404, "Resource not found.")
    issue.comments.remove(row)
    return empty_answer()
