# SPDX-License-Identifier: Apache-2.0
"""Stories: one, create, change, comment. `external_links` is written whole: read it first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...world import Comment, Issue
from .render import comment_json, is_uuid, slim_json, story_json

if TYPE_CHECKING:
    from .module import Shortcut

BULK_MAX = 100


def show(shortcut: "Shortcut", call: Call) -> Answer:
    issue = shortcut.found_story(call.params["story-public-id"])
    return json_answer(story_json(shortcut, issue, shortcut.web(call)))


def create(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer(story_json(shortcut, _made(shortcut, call, call.body), shortcut.web(call)), 201)


def create_many(shortcut: "Shortcut", call: Call) -> Answer:
    """All of them or, when one is wrong, none."""
    rows = call.body["stories"]
    if len(rows) > BULK_MAX:
        raise _wrong(shortcut, "stories", f"no more than {BULK_MAX}")
    for row in rows:
        _checked(shortcut, row)
    made = [_made(shortcut, call, row) for row in rows]
    return json_answer([slim_json(shortcut, issue, shortcut.web(call)) for issue in made], 201)


def _wrong(shortcut: "Shortcut", name: str, text: str) -> Exception:
    message = "The request included invalid or missing parameters."
    return shortcut.refuse(400, message, errors={name: text})


def _checked(shortcut: "Shortcut", body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """(project, attributes of our Issue). A new story needs a state or a project."""
    if body.get("workflow_state_id") is None and body.get("project_id") is None:
        raise _wrong(shortcut, "workflow_state_id", "either workflow_state_id or project_id is required")
    values = _values(shortcut, body)
    return _project(shortcut, body.get("project_id")), values


def _made(shortcut: "Shortcut", call: Call, body: dict[str, Any]) -> Issue:
    project, values = _checked(shortcut, body)
    extra = {name: body[name] for name in ("archived", "external_id") if name in body}
    assert call.credential is not None
    links = values.pop("links", [])
    title = values.pop("title")
    reporter = call.credential.user
    return shortcut.make_issue(project, title, extra=extra, links=links, reporter=reporter, **values)


def _project(shortcut: "Shortcut", id: int | None) -> str:
    if id is None:
        return "none"
    found = next((row for row in shortcut.world.projects.values() if row.id == str(id) and row.visible), None)
    if found is None:
        raise _wrong(shortcut, "project_id", f"no project with id {id}")
    return found.key


def _values(shortcut: "Shortcut", body: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "name" in body:
        if not body["name"].strip():
            raise _wrong(shortcut, "name", "must not be blank")
        values["title"] = body["name"]
    if "description" in body:
        values["description"] = body["description"]
    if "story_type" in body:
        values["type"] = body["story_type"]
    if body.get("workflow_state_id") is not None:
        wanted = str(body["workflow_state_id"])
        found = next((row.name for row in shortcut.world.statuses.values() if row.id == wanted), None)
        if found is None:
            raise _wrong(shortcut, "workflow_state_id", f"no workflow state with id {wanted}")
        values["status"] = found
    if "owner_ids" in body:
        logins = {user.id: user.login for user in shortcut.world.users.values()}
        for id in body["owner_ids"]:
            if not is_uuid(id) or id not in logins:
                raise _wrong(shortcut, "owner_ids", f"no member with id {id}")
        values["assignees"] = [logins[id] for id in body["owner_ids"]]
    if "labels" in body:
        values["labels"] = [row["name"] for row in body["labels"]]
    if "external_links" in body:
        values["links"] = _links(shortcut, body["external_links"])
    return values


def _links(shortcut: "Shortcut", urls: list[str]) -> list[dict[str, Any]]:
    """A set: the same URL twice is one."""
    for url in urls:
        if not re.match(r"https?://\S+$", url):
            raise _wrong(shortcut, "external_links", f"{url} is not a valid URL")
    return [{"url": url} for url in dict.fromkeys(urls)]


def update(shortcut: "Shortcut", call: Call) -> Answer:
    issue = shortcut.found_story(call.params["story-public-id"])
    values = _values(shortcut, call.body)
    assert call.credential is not None
    if "project_id" in call.body:
        project = _project(shortcut, call.body["project_id"])
        if project != issue.project:
            shortcut.control_move(issue, project)
    if "archived" in call.body:
        issue.extra["archived"] = call.body["archived"]
    items = []
    for name, after in values.items():
        before = getattr(issue, name)
        if before != after:
            setattr(issue, name, after)
            items.append((name, before, after))
    if items:
        shortcut.world.touch(issue, "updated", items, call.credential.user)
    return json_answer(story_json(shortcut, issue, shortcut.web(call)))


def delete(shortcut: "Shortcut", call: Call) -> Answer:
    shortcut.control_delete(shortcut.found_story(call.params["story-public-id"]))
    return empty_answer()


# -- Comments --------------------------------------------------------------------------------------------


def comments(shortcut: "Shortcut", call: Call) -> Answer:
    issue = shortcut.found_story(call.params["story-public-id"])
    return json_answer([comment_json(shortcut, issue, row, shortcut.web(call)) for row in issue.comments])


def add_comment(shortcut: "Shortcut", call: Call) -> Answer:
    issue = shortcut.found_story(call.params["story-public-id"])
    if not call.body["text"].strip():
        raise _wrong(shortcut, "text", "must not be blank")
    assert call.credential is not None
    made = shortcut.world.comment(issue, call.body["text"], call.credential.user)
    return json_answer(comment_json(shortcut, issue, made, shortcut.web(call)), 201)


def _comment(shortcut: "Shortcut", call: Call) -> tuple[Issue, Comment]:
    issue = shortcut.found_story(call.params["story-public-id"])
    found = next((row for row in issue.comments if row.id == call.params["comment-public-id"]), None)
    if found is None:
        raise shortcut.refuse(404, "Resource not found.")
    return issue, found


def edit_comment(shortcut: "Shortcut", call: Call) -> Answer:
    issue, row = _comment(shortcut, call)
    row.body, row.updated = call.body["text"], shortcut.clock.now()
    return json_answer(comment_json(shortcut, issue, row, shortcut.web(call)))


def delete_comment(shortcut: "Shortcut", call: Call) -> Answer:
    issue, row = _comment(shortcut, call)
    issue.comments.remove(row)
    return empty_answer()
