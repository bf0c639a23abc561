# SPDX-License-Identifier: Apache-2.0
"""Service hook events. In `workitem.updated` the resource's id is the update's number, not the item's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ...webhooks import Event, Subscription
from ...world import Change, Issue
from .render import FOREVER, field_values, identity_text, links_json, stamp
from .seed import INSTANCE_ID

if TYPE_CHECKING:
    from .module import AzureDevOps

_FIELDS = {
    "title": "System.Title",
    "status": "System.State",
    "type": "System.WorkItemType",
    "priority": "Microsoft.VSTS.Common.Priority",
    "description": "System.Description",
    "project": "System.TeamProject",
}
_KINDS = {"created": "created", "deleted": "deleted", "commented": "commented"}


def events(ado: "AzureDevOps", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    """A comment is an update too, in the real product as here: two events."""
    word = _KINDS.get(kind, "updated")
    if word == "commented":
        yield _event(ado, issue, change, "updated", _update(ado, issue, change))
    resource = _update(ado, issue, change) if word == "updated" else _whole(ado, issue, word)
    yield _event(ado, issue, change, word, resource)


def _event(ado: "AzureDevOps", issue: Issue, change: Change, word: str, resource: dict[str, Any]) -> Event:
    base, project = ado.hook_base, ado.world.projects[issue.project]
    who = ado.user(change.author).name
    text = (
        f"{issue.type} #{issue.id} ({issue.title}) {'commented on' if word == 'commented' else word} by {who}"
    )
    containers = {
        "collection": {"id": INSTANCE_ID, "baseUrl": f"{base}/"},
        "account" if ado.settings["deployment"] == "hosted" else "server": {
            "id": "f844ec47-a9db-4511-8281-8b63f4eaf94e",
            "baseUrl": f"{base}/",
        },
        "project": {"id": project.id, "baseUrl": f"{base}/"},
    }
    body = {
        "subscriptionId": "00000000-0000-0000-0000-000000000000",
        "notificationId": 0,
        "id": "",
        "eventType": f"workitem.{word}",
        "publisherId": "tfs",
        "message": {"text": text},
        "detailedMessage": {"text": f"{text}\r\n\r\n- State: {issue.status}\r\n"},
        "resource": resource,
        "resourceVersion": "1.0",
        "resourceContainers": containers,
        "createdDate": f"{change.at:%Y-%m-%dT%H:%M:%S}.{change.at.microsecond:06d}9Z",
    }
    headers = {"User-Agent": "VSServices/20.0", "X-Event": f"workitem.{word}"}
    return Event(f"workitem.{word}", body, headers, body_id_field="id", finish=_addressed)


def _addressed(body: dict[str, Any], row: Subscription, delivery: str, epoch: float) -> dict[str, Any]:
    """What only the subscription knows: its id, a running number, how much of the resource it wants."""
    row.extra["sent"] = int(row.extra.get("sent", 0)) + 1
    made = body | {"notificationId": row.extra["sent"]}
    if "id" in row.extra:
        made["subscriptionId"] = row.extra["id"]
        inputs = row.extra["body"]["consumerInputs"]
        if inputs.get("resourceDetailsToSend") == "none":
            made["resource"] = None
        elif inputs.get("resourceDetailsToSend") == "minimal":
            kept = ("id", "workItemId", "url")
            made["resource"] = {name: body["resource"][name] for name in kept if name in body["resource"]}
        for name, word in (("message", "messagesToSend"), ("detailedMessage", "detailedMessagesToSend")):
            if inputs.get(word) == "none":
                made[name] = None
    return made


def _texts(ado: "AzureDevOps", issue: Issue) -> dict[str, Any]:
    values = field_values(ado, issue, ado.hook_base, texts=True)
    hidden = ("System.Id", "System.Rev", "System.RevisedDate", "System.Watermark")
    return {name: value for name, value in values.items() if name not in hidden}


def _whole(ado: "AzureDevOps", issue: Issue, word: str) -> dict[str, Any]:
    base, fields = ado.hook_base, _texts(ado, issue)
    if word == "commented" and issue.comments:
        fields["System.History"] = issue.comments[-1].body
    place = "recyclebin" if word == "deleted" else "workItems"
    url = f"{base}/_apis/wit/{place}/{issue.id}"
    links = {"self": {"href": url}} if word == "deleted" else links_json(ado, issue, base)
    return {"id": int(issue.id), "rev": issue.rev, "fields": fields, "_links": links, "url": url}


def _update(ado: "AzureDevOps", issue: Issue, change: Change) -> dict[str, Any]:
    base, user = ado.hook_base, ado.user(change.author)
    project = ado.world.projects[issue.project]
    item = f"{base}/{project.id}/_apis/wit/workItems/{issue.id}"
    own = f"{item}/updates/{issue.rev}"
    revision = f"{item}/revisions/{issue.rev}"
    fields: dict[str, Any] = {"System.Rev": {"oldValue": issue.rev - 1, "newValue": issue.rev}}
    earlier = [row.at for row in issue.history if row is not change]
    fields["System.ChangedDate"] = {
        "oldValue": stamp(earlier[-1] if earlier else issue.created),
        "newValue": stamp(change.at),
    }
    for name, before, after in change.items:
        if name == "assignees":
            sides = {"oldValue": _person(ado, before), "newValue": _person(ado, after)}
            fields["System.AssignedTo"] = {side: text for side, text in sides.items() if text}
        elif name == "labels":
            fields["System.Tags"] = {"oldValue": "; ".join(before), "newValue": "; ".join(after)}
        elif name in _FIELDS:
            sides = {"oldValue": before, "newValue": after}
            fields[_FIELDS[name]] = {side: value for side, value in sides.items() if value is not None}
    return {
        "id": issue.rev,
        "workItemId": int(issue.id),
        "rev": issue.rev,
        "revisedBy": {
            "id": user.id,
            "name": identity_text(user),
            "displayName": user.name,
            "uniqueName": user.email,
            "descriptor": "msa.0000",
        },
        "revisedDate": FOREVER,
        "fields": fields,
        "_links": {
            "self": {"href": own},
            "workItemUpdates": {"href": f"{item}/updates"},
            "parent": {"href": item},
            "html": links_json(ado, issue, base)["html"],
        },
        "url": own,
        "revision": {
            "id": int(issue.id),
            "rev": issue.rev,
            "fields": _texts(ado, issue),
            "_links": {"self": {"href": revision}, "parent": {"href": item}},
            "url": revision,
        },
    }


def _person(ado: "AzureDevOps", logins: list[str]) -> str | None:
    return identity_text(ado.user(logins[0])) if logins else None


def wants(ado: "AzureDevOps", row: Subscription, issue: Issue, event: Event) -> bool:
    """Subscriptions made by the API: their event, project, type, area and changed field."""
    body = row.extra.get("body")
    if body is None:
        return True
    inputs = body.get("publisherInputs") or {}
    project = ado.world.projects[issue.project]
    area = str(issue.extra.get("area") or issue.project).lower()
    changed = inputs.get("changedFields")
    return (
        body["eventType"] == event.name
        and inputs.get("projectId", "") in ("", project.id, project.name)
        and inputs.get("workItemType", "") in ("", issue.type)
        and area.startswith(str(inputs.get("areaPath", "")).lower())
        and (not changed or changed in event.body["resource"].get("fields", {}))
    )
