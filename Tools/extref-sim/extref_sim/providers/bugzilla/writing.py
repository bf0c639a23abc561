# SPDX-License-Identifier: Apache-2.0
"""Filing and changing bugs. see_also is a set: the same URL twice is one, and no error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue, Project
from .bugs import found_bug
from .errors import BAD_COMPONENT, BAD_FIELD, BAD_PRODUCT, BAD_SUMMARY, BAD_URL, BAD_USER, refused
from .render import stamp

if TYPE_CHECKING:
    from .module import Bugzilla

_TRACKERS = re.compile(
    r"https?://[^/]+/(.*/)?(show_bug\.cgi\?id=\d+|browse/[A-Z]+-\d+|[^/]+/[^/]+/issues/\d+|issues/\d+|ticket/\d+)"
)
_SUMMARY_MAX = 255


def _product(bugzilla: "Bugzilla", name: str) -> Project:
    project = bugzilla.world.projects.get(name)
    if project is None or not project.visible or project.extra.get("group"):
        raise refused(
            BAD_PRODUCT, f"Either the product '{name}' does not exist or you don't have access to it."
        )
    return project


def _checked(bugzilla: "Bugzilla", project: Project, body: dict[str, Any]) -> dict[str, Any]:
    """Attributes of our Issue (and `extra` ones, by name); refuses what the product does not have."""
    from .module import PRIORITIES, RESOLUTIONS, SEVERITIES

    choices = {
        "component": (project.extra["components"], BAD_COMPONENT),
        "version": (project.extra["versions"], BAD_FIELD),
        "priority": (PRIORITIES, BAD_FIELD),
        "severity": (SEVERITIES, BAD_FIELD),
        "status": (tuple(bugzilla.world.statuses), BAD_FIELD),
        "resolution": (RESOLUTIONS, BAD_FIELD),
    }
    for name, (allowed, code) in choices.items():
        if name in body and body[name] not in allowed:
            text = f"There is no {name} named '{body[name]}' in the '{project.key}' product."
            raise refused(code, text)
    values = {name: body[name] for name in ("priority", "status", "resolution") if name in body}
    if "summary" in body:
        values["title"] = _summary(body["summary"])
    if "assigned_to" in body:
        user = bugzilla.user_by_mail(body["assigned_to"])
        if user is None:
            raise refused(BAD_USER, f"There is no user named '{body['assigned_to']}'.")
        values["assignees"] = [user.login]
    return values


def _summary(text: str) -> str:
    if not text.strip():
        raise refused(BAD_SUMMARY, "You must enter a summary for this bug.")
    if len(text) > _SUMMARY_MAX:
        raise refused(
            BAD_SUMMARY, f"The text you entered in the Summary field is too long ({len(text)} characters)."
        )
    return text


_EXTRAS = ("component", "version", "severity", "op_sys", "platform")


def create(bugzilla: "Bugzilla", call: Call) -> Answer:
    body = call.body
    project = _product(bugzilla, body["product"])
    values = _checked(bugzilla, project, body)
    if values.pop("resolution", ""):
        raise refused(BAD_FIELD, "You cannot set a resolution for open bugs.")
    extra = {name: body[name] for name in _EXTRAS if name in body}
    alias = body.get("alias")
    if alias:
        extra["alias"] = alias if isinstance(alias, str) else alias[0]
    keywords = body.get("keywords") or []
    labels = [keywords] if isinstance(keywords, str) else list(keywords)
    assert call.credential is not None
    issue = bugzilla.make_issue(
        project.key,
        values.pop("title"),
        description=body.get("description", ""),
        labels=labels,
        extra=extra,
        reporter=call.credential.user,
        **values,
    )
    return json_answer({"id": int(issue.id)})


def update(bugzilla: "Bugzilla", call: Call) -> Answer:
    """Answers only what really changed; nothing at all is no error."""
    issue, body = found_bug(bugzilla, call, call.params["id"]), call.body
    project = (
        _product(bugzilla, body["product"]) if "product" in body else bugzilla.world.projects[issue.project]
    )
    values = _checked(bugzilla, project, body)
    _check_ending(bugzilla, issue, values)
    changes: dict[str, dict[str, str]] = {}
    _change_links(bugzilla, issue, body.get("see_also") or {}, changes)
    if "keywords" in body:
        values["labels"] = _changed_set(issue.labels, body["keywords"])
    items = [("see_also", None, None)] if changes else []
    for name, after in values.items():
        before = getattr(issue, name)
        if before != after:
            setattr(issue, name, after)
            items.append((name, before, after))
            shown = {"title": "summary", "assignees": "assigned_to", "labels": "keywords"}.get(name, name)
            changes[shown] = {"removed": _text(before), "added": _text(after)}
    for name in [name for name in _EXTRAS if name in body]:
        issue.extra[name] = body[name]
    assert call.credential is not None
    if project.key != issue.project:
        bugzilla.control_move(issue, project.key)
    if items:
        bugzilla.world.touch(issue, "updated", items, call.credential.user)
    if body.get("comment"):
        bugzilla.world.comment(issue, body["comment"]["body"], call.credential.user)
    alias = [issue.extra["alias"]] if issue.extra.get("alias") else []
    shown = {
        "id": int(issue.id),
        "alias": alias,
        "last_change_time": stamp(issue.updated),
        "changes": changes,
    }
    return json_answer({"bugs": [shown]})


def _check_ending(bugzilla: "Bugzilla", issue: Issue, values: dict[str, Any]) -> None:
    """Closing needs a resolution; opening again takes it away."""
    if "status" not in values:
        return
    if bugzilla.world.statuses[values["status"]].category != "done":
        values["resolution"] = None
    elif not (values.get("resolution") or issue.resolution):
        raise refused(121, "A valid resolution is required to mark bugs as " + values["status"] + ".")


def _change_links(
    bugzilla: "Bugzilla", issue: Issue, asked: dict[str, list[str]], changes: dict[str, dict[str, str]]
) -> None:
    known = [row["url"] for row in issue.links]
    for url in asked.get("add", ()):
        if not re.match(r"https?://[^/\s]+/\S*$", url):
            raise refused(BAD_URL, f"'{url}' is not a valid URL.")
        if bugzilla.settings["see_also"] == "trackers" and not _TRACKERS.match(url):
            raise refused(BAD_URL, f"{url} is not a valid bug number, alias or URL of a known bug tracker.")
    added = [url for url in dict.fromkeys(asked.get("add", ())) if url not in known]
    removed = [url for url in asked.get("remove", ()) if url in known]
    if added or removed:
        issue.links = [row for row in issue.links if row["url"] not in removed] + [
            {"url": url} for url in added
        ]
        changes["see_also"] = {"added": ", ".join(added), "removed": ", ".join(removed)}


def _changed_set(before: list[str], asked: dict[str, list[str]]) -> list[str]:
    if "set" in asked:
        return list(asked["set"])
    kept = [name for name in before if name not in asked.get("remove", ())]
    return kept + [name for name in asked.get("add", ()) if name not in kept]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def comment(bugzilla: "Bugzilla", call: Call) -> Answer:
    issue = found_bug(bugzilla, call, call.params["id"])
    if not call.body["comment"].strip():
        raise refused(109, "Comment text is required.")
    assert call.credential is not None
    made = bugzilla.world.comment(issue, call.body["comment"], call.credential.user)
    return json_answer({"id": int(made.id)}, 201)
