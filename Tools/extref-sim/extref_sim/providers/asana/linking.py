# SPDX-License-Identifier: Apache-2.0
"""What back-links are made of: stories (comments) and external attachments. Neither is deduplicated."""

from __future__ import annotations

import re
from email import message_from_bytes
from typing import TYPE_CHECKING

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Comment, Issue
from .render import attachment_record, stamp, story_record

if TYPE_CHECKING:
    from .module import Asana


def stories(asana: "Asana", call: Call) -> Answer:
    issue = asana.found_task(call.params["task_gid"])
    return asana.page(call, issue.comments, lambda row: story_record(asana, issue, row))


def add_story(asana: "Asana", call: Call) -> Answer:
    issue = asana.found_task(call.params["task_gid"])
    data = call.body.get("data") or {}
    text = data.get("text") or re.sub(r"<[^>]+>", "", data.get("html_text") or "")
    if not text.strip():
        raise asana.refuse(400, "text: Missing input")
    assert call.credential is not None
    made = asana.world.comment(issue, text, call.credential.user)
    return asana.record(call, story_record(asana, issue, made), 201)


def _story(asana: "Asana", call: Call) -> tuple[Issue, Comment]:
    for issue in asana.world.all_seen():
        for row in issue.comments:
            if row.id == call.params["story_gid"]:
                return issue, row
    raise asana.refuse(404, f"story: Unknown object: {call.params['story_gid']}")


def edit_story(asana: "Asana", call: Call) -> Answer:
    issue, row = _story(asana, call)
    row.body, row.updated = call.body["data"].get("text", row.body), asana.clock.now()
    return asana.record(call, story_record(asana, issue, row))


def delete_story(asana: "Asana", call: Call) -> Answer:
    issue, row = _story(asana, call)
    issue.comments.remove(row)
    return json_answer({"data": {}})


# -- Attachments -----------------------------------------------------------------------------------------


def _form(call: Call) -> dict[str, str]:
    """The text fields of a multipart form."""
    head = f"Content-Type: {call.headers.get('Content-Type', '')}\r\n\r\n".encode()
    message = message_from_bytes(head + call.raw)
    fields = {}
    for part in message.get_payload() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
        payload = part.get_payload(decode=True) or b""  # type: ignore[union-attr]
        fields[str(name)] = payload.decode("utf-8", "replace").rstrip("\r\n")
    return fields


def attach(asana: "Asana", call: Call) -> Answer:
    """Only external ones: a URL with a name. The same URL twice makes two."""
    form = _form(call)
    if not form.get("parent"):
        raise asana.refuse(400, "parent: Missing input")
    issue = asana.found_task(form["parent"])
    if form.get("resource_subtype") != "external":
        raise asana.refuse(400, "file: Missing input")
    if not form.get("name") or not re.match(r"https?://\S+$", form.get("url", "")):
        raise asana.refuse(400, "url: Missing input" if form.get("name") else "name: Missing input")
    gid = str(asana.world.next_number("attachment", 1200000000005001))
    row = {"gid": gid, "name": form["name"], "url": form["url"], "created_at": stamp(asana.clock.now())}
    issue.links.append(row)
    asana.world.touch(issue, "updated", [("attachments", None, gid)], "alice")
    return asana.record(call, attachment_record(issue, row))


def attachments(asana: "Asana", call: Call) -> Answer:
    issue = asana.found_task(call.query["parent"])
    return asana.page(call, issue.links, lambda row: attachment_record(issue, row))


def detach(asana: "Asana", call: Call) -> Answer:
    for issue in asana.world.all_seen():
        for row in issue.links:
            if row["gid"] == call.params["attachment_gid"]:
                issue.links.remove(row)
                return json_answer({"data": {}})
    raise asana.refuse(404, f"attachment: Unknown object: {call.params['attachment_gid']}")
