# SPDX-License-Identifier: Apache-2.0
"""Service hook subscriptions: one project and one event each, delivered with Basic credentials of our
choice."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...webhooks import Subscription
from .errors import refused
from .render import stamp
from .seed import INSTANCE_ID

if TYPE_CHECKING:
    from .module import AzureDevOps

EVENTS = tuple(f"workitem.{word}" for word in ("created", "updated", "deleted", "restored", "commented"))
_INPUTS = ("projectId", "areaPath", "workItemType", "changedFields", "linksChanged", "tag", "commentPattern")
_CONSUMER = (
    "url",
    "basicAuthUsername",
    "basicAuthPassword",
    "httpHeaders",
    "resourceDetailsToSend",
    "messagesToSend",
    "detailedMessagesToSend",
    "acceptUntrustedCerts",
)
_DETAILS = ("all", "minimal", "none")


def _checked(ado: "AzureDevOps", body: dict[str, Any]) -> None:
    """Everything a subscription must say; the vendor refuses the first thing that is wrong."""
    publisher, consumer = body.get("publisherInputs") or {}, body.get("consumerInputs") or {}
    problems = [
        (body.get("publisherId") != "tfs", "Publisher with ID {publisherId} was not found."),
        (body.get("eventType") not in EVENTS, "Event type {eventType} was not found."),
        (body.get("consumerId") != "webHooks", "Consumer with ID {consumerId} was not found."),
        (body.get("consumerActionId") != "httpRequest", "Consumer action {consumerActionId} was not found."),
        (
            not str(consumer.get("url", "")).startswith(("http://", "https://")),
            "URL must be a valid web address.",
        ),
        (consumer.get("resourceDetailsToSend", "all") not in _DETAILS, "resourceDetailsToSend is not valid."),
        (bool(set(publisher) - set(_INPUTS)), "A publisher input is not known."),
        (bool(set(consumer) - set(_CONSUMER)), "A consumer input is not known."),
    ]
    for wrong, text in problems:
        if wrong:
            known = {
                name: body.get(name)
                for name in ("publisherId", "eventType", "consumerId", "consumerActionId")
            }
            raise refused(400, text.format(**known), "SubscriptionInputException")
    asked = publisher.get("projectId")
    if asked:
        project = ado.world.project(asked)
        if project is None or not project.visible:
            raise refused(403, f"TF50309: You may not subscribe to project {asked}.", "AccessCheckException")


def create(ado: "AzureDevOps", call: Call) -> Answer:
    ado.base(call)
    _checked(ado, call.body)
    row = ado.sim.hooks.add(ado.name, "", "", "none")
    row.extra = {"id": str(uuid.UUID(int=ado.random.getrandbits(128), version=4)), "body": {}, "sent": 0}
    row.extra["created"] = stamp(ado.clock.now())
    _fill(row, call.body)
    return json_answer(_subscription_json(ado, call, row))


def _fill(row: Subscription, body: dict[str, Any]) -> None:
    consumer = body["consumerInputs"]
    user, password = consumer.get("basicAuthUsername", ""), consumer.get("basicAuthPassword", "")
    row.url, row.secret = consumer["url"], f"{user}:{password}"
    row.scheme = "ado_basic" if user or password else "none"
    lines = [line.partition(":") for line in consumer.get("httpHeaders", "").splitlines() if ":" in line]
    row.headers = {name.strip(): value.strip() for name, _, value in lines}
    row.extra["body"] = body


def listed(ado: "AzureDevOps", call: Call) -> Answer:
    ado.base(call)
    wanted = ("publisherId", "eventType", "consumerId", "consumerActionId")
    rows = [
        row
        for row in _all(ado)
        if all(call.query.get(name) in (None, row.extra["body"].get(name)) for name in wanted)
    ]
    value = [_subscription_json(ado, call, row) for row in rows]
    return json_answer({"count": len(value), "value": value})


def _all(ado: "AzureDevOps") -> list[Subscription]:
    return [row for row in ado.sim.hooks.of(ado.name) if "body" in row.extra]


def _found(ado: "AzureDevOps", call: Call) -> Subscription:
    ado.base(call)
    asked = call.params["subscriptionId"].lower()
    found = next((row for row in _all(ado) if row.extra["id"] == asked), None)
    if found is None:
        raise refused(404, f"Subscription {asked} was not found.", "SubscriptionNotFoundException")
    return found


def show(ado: "AzureDevOps", call: Call) -> Answer:
    return json_answer(_subscription_json(ado, call, _found(ado, call)))


def replace(ado: "AzureDevOps", call: Call) -> Answer:
    """The stars of a hidden password mean that it stays."""
    row = _found(ado, call)
    _checked(ado, call.body)
    inputs = call.body["consumerInputs"]
    if set(inputs.get("basicAuthPassword", "x")) == {"*"}:
        inputs["basicAuthPassword"] = row.secret.partition(":")[2]
    _fill(row, call.body)
    return json_answer(_subscription_json(ado, call, row))


def delete(ado: "AzureDevOps", call: Call) -> Answer:
    ado.sim.hooks.remove(_found(ado, call).id)
    return empty_answer(204)


def _subscription_json(ado: "AzureDevOps", call: Call, row: Subscription) -> dict[str, Any]:
    body, owner = row.extra["body"], ado.user("alice")
    inputs = dict(body["consumerInputs"])
    if inputs.get("basicAuthPassword"):
        inputs["basicAuthPassword"] = "********"
    if inputs.get("httpHeaders"):
        inputs["httpHeaders"] = "********"
    return {
        "id": row.extra["id"],
        "url": f"{ado.base(call)}/_apis/hooks/subscriptions/{row.extra['id']}",
        "status": "enabled",
        "publisherId": body["publisherId"],
        "eventType": body["eventType"],
        "resourceVersion": body.get("resourceVersion", "1.0"),
        "eventDescription": "Any area, any type",
        "consumerId": body["consumerId"],
        "consumerActionId": body["consumerActionId"],
        "actionDescription": f"To host {row.url.split('/')[2].split(':')[0]}",
        "createdBy": {"id": owner.id},
        "createdDate": row.extra["created"],
        "modifiedBy": {"id": owner.id},
        "modifiedDate": row.extra["created"],
        "publisherInputs": dict(body.get("publisherInputs") or {}) | {"hostId": INSTANCE_ID},
        "consumerInputs": inputs,
    }
