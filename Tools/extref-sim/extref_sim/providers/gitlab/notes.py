# SPDX-License-Identifier: Apache-2.0
"""Notes: GitLab's comments, the only place for a back-link. The same text twice makes two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Answer, Refusal, empty_answer, json_answer
from ...call import Call
from ...world import Comment, Issue
from .errors import message_answer, not_found
from .issues import found_issue
from .pages import paged
from .render import note_json

if TYPE_CHECKING:
    from .module import GitLab


def listed(gitlab: "GitLab", call: Call) -> Answer:
    """Newest first unless told otherwise."""
    _, issue = found_issue(gitlab, call)
    field = "updated" if call.query.get("order_by") == "updated_at" else "created"
    backward = call.query.get("sort", "desc") == "desc"
    rows = sorted(issue.comments, key=lambda row: (getattr(row, field), int(row.id)), reverse=backward)
    return paged(call, rows, lambda row: note_json(gitlab, issue, row, gitlab.web(call)))


def create(gitlab: "GitLab", call: Call) -> Answer:
    _, issue = found_issue(gitlab, call)
    if not call.body["body"].strip():
        raise Refusal(message_answer(400, '400 Bad request - Note {:note=>["can\'t be blank"]}'))
    assert call.credential is not None
    note = gitlab.world.comment(issue, call.body["body"], call.credential.user)
    return json_answer(note_json(gitlab, issue, note, gitlab.web(call)), 201, content_type="application/json")


def _found(gitlab: "GitLab", call: Call) -> tuple[Issue, Comment]:
    _, issue = found_issue(gitlab, call)
    note = next((row for row in issue.comments if row.id == call.params["note_id"]), None)
    if note is None:
        raise not_found("Note Not Found")
    return issue, note


def show(gitlab: "GitLab", call: Call) -> Answer:
    issue, note = _found(gitlab, call)
    return json_answer(note_json(gitlab, issue, note, gitlab.web(call)))


def edit(gitlab: "GitLab", call: Call) -> Answer:
    issue, note = _found(gitlab, call)
    note.body, note.updated = call.body["body"], gitlab.clock.now()
    return json_answer(note_json(gitlab, issue, note, gitlab.web(call)))


def delete(gitlab: "GitLab", call: Call) -> Answer:
    issue, note = _found(gitlab, call)
    issue.comments.remove(note)
    return empty_answer()
