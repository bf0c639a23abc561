# SPDX-License-Identifier: Apache-2.0
"""Azure DevOps: tokens, connection test, forms, limits, service hooks."""

from __future__ import annotations

import base64

import pytest

from conftest import basic
from hook_receiver import Receiver
from test_ado_items import FIBER, PATCH, V, ado, create, put  # noqa: F401 - a fixture
from vendor import Vendor

ITEM = f"/_apis/wit/workitems/1?{V}"
ENTRA = "/entra/7e1d0000-0000-4000-8000-000000000001/oauth2/v2.0/token"
RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798/.default"


def pat(vendor, secret):
    return Vendor(vendor.sim, vendor.mount, basic("", secret))


@pytest.mark.parametrize("secret", ["ado-expired-token", "ado-revoked-token", "unheard-of"])
def test_bad_pats_get_a_page(ado, secret):  # noqa: F811
    bad = pat(ado, secret)
    reply = bad.get(ITEM)
    assert (
        reply.status == 203
        and reply.headers["Content-Type"].startswith("text/html")
        and b"Sign In" in reply.raw
    )
    reply = bad.get(ITEM, **{"X-TFS-FedAuthRedirect": "Suppress"})
    assert reply.status == 401 and "WWW-Authenticate" in reply.headers
    ado.sim.control("POST", "/ado/settings", {"bad_pat": "302"})
    assert bad.get(ITEM).status == 302


def test_scopes(ado):  # noqa: F811
    reply = pat(ado, "ado-wrong-scope-token").get(ITEM)
    assert reply.status == 401 and reply.json["message"].startswith("TF400813")
    reader = pat(ado, "ado-read-good-token")
    assert reader.get(ITEM).status == 200
    assert reader.ask("PATCH", ITEM, [put("/fields/System.Title", "x")], PATCH).status == 401
    assert (
        pat(ado, "ado-wrong-scope-token").get("/_apis/connectionData?api-version=7.1-preview").status == 200
    )


def test_connection_test(ado):  # noqa: F811
    made = ado.get("/_apis/connectionData?api-version=7.1-preview").json
    assert made["authenticatedUser"]["properties"]["Account"]["$value"] == "alice@example.net"
    assert made["deploymentType"] == "hosted"
    assert ado.get(f"/_apis/connectionData?{V}").json["typeKey"] == "VssInvalidPreviewVersionException"
    profile = Vendor(ado.sim, "/ado-profile", ado.headers).get(f"/_apis/profile/profiles/me?{V}").json
    assert profile["emailAddress"] == "alice@example.net"
    page = ado.get(f"/_apis/projects?$top=1&{V}")
    assert page.json["value"][0]["name"] == "Fabrikam Fiber" and page.headers["x-ms-continuationtoken"] == "1"
    rest = ado.get(f"/_apis/projects?$top=1&continuationToken=1&{V}")
    assert rest.json["value"][0]["name"] == "Web" and "x-ms-continuationtoken" not in rest.headers
    assert ado.get(f"/_apis/projects/web?{V}").json["defaultTeam"]["name"] == "Web Team"
    assert ado.get(f"/_apis/projects/Secret?{V}").status == 404
    assert ado.get(f"/_apis/projects/Web/teams?{V}").json["count"] == 1
    server = Vendor(ado.sim, "/ado/DefaultCollection", ado.headers)
    assert server.get(ITEM).json["url"].endswith("/ado/DefaultCollection/_apis/wit/workItems/1")
    assert Vendor(ado.sim, "/ado/nobody", ado.headers).get(ITEM).status == 404


def test_forms(ado):  # noqa: F811
    kinds = ado.get(f"{FIBER}/workitemtypes?{V}").json["value"]
    assert {row["name"] for row in kinds if not row["isDisabled"]} >= {"Bug", "Task", "User Story", "Issue"}
    assert [row["name"] for row in kinds if row["isDisabled"]] == ["Shared Steps"]
    hidden = ado.get(f"{FIBER}/workitemtypecategories?{V}").json["value"][-1]
    assert hidden["referenceName"] == "Microsoft.HiddenCategory"
    states = ado.get(f"{FIBER}/workitemtypes/User%20Story/states?{V}").json["value"]
    assert {row["name"]: row["category"] for row in states}["Resolved"] == "Resolved"
    assert ado.get(f"/Web/_apis/wit/workitemtypes/Task/states?{V}").json["value"][0]["name"] == "To Do"
    fields = ado.get(f"{FIBER}/workitemtypes/Issue/fields?$expand=allowedValues&{V}").json["value"]
    by_name = {row["referenceName"]: row for row in fields}
    assert by_name["Custom.Impact"]["alwaysRequired"] and by_name["Custom.Impact"]["allowedValues"] == [
        "Low",
        "High",
    ]
    assert by_name["Microsoft.VSTS.Common.Priority"]["defaultValue"] == "2"
    assert "allowedValues" not in ado.get(f"{FIBER}/workitemtypes/Issue/fields?{V}").json["value"][0]
    assert ado.get(f"{FIBER}/workitemtypes/Nope?{V}").status == 404
    assert ado.get(f"{FIBER}/workitems/$Bug?{V}").json["fields"]["System.State"] == "New"
    assert ado.get(f"{FIBER}/classificationnodes?{V}").json["value"][0]["structureType"] == "area"
    assert "Hyperlink" in [
        row["referenceName"] for row in ado.get(f"/_apis/wit/workitemrelationtypes?{V}").json["value"]
    ]


def entra(ado, **changes):  # noqa: F811
    form = {
        "grant_type": "client_credentials",
        "client_id": "sim-client",
        "client_secret": "sim-client-secret",
        "scope": RESOURCE,
        **changes,
    }
    return ado.sim.ask("POST", ENTRA, form=form)


def test_entra_tokens(ado):  # noqa: F811
    reply = entra(ado)
    assert reply.status == 200 and reply.json["expires_in"] == 3599 and "refresh_token" not in reply.json
    holder = Vendor(ado.sim, ado.mount, {"Authorization": f"Bearer {reply.json['access_token']}"})
    assert holder.get(ITEM).status == 200
    ado.sim.control("POST", "/clock", {"advance_seconds": 3600})
    assert holder.get(ITEM).status == 401
    assert entra(ado, client_secret="wrong").json["error"] == "invalid_client"
    assert "AADSTS7000215" in entra(ado, client_secret="wrong").json["error_description"]
    assert entra(ado, scope="x").json["error"] == "invalid_scope"
    assert entra(ado, grant_type="password").json["error"] == "unsupported_grant_type"
    assert ado.sim.ask("POST", ENTRA.replace("7e1d", "0000"), form={}).json["error_codes"] == [90002]


def test_limits(ado):  # noqa: F811
    assert "X-RateLimit-Limit" not in ado.get(ITEM).headers
    ado.sim.control("POST", "/ado/budget", {"limit": 10, "remaining": 2, "enforced": True})
    near = ado.get(ITEM)
    assert near.status == 200 and float(near.headers["X-RateLimit-Delay"]) > 0
    ado.get(ITEM)
    reply = ado.get(ITEM)
    assert (
        reply.status == 429 and reply.json["message"].startswith("TF400733") and reply.headers["Retry-After"]
    )


# -- Service hooks ---------------------------------------------------------------------------------------

HOOKS = f"/_apis/hooks/subscriptions?{V}"


def subscription(url, event="workitem.updated", **publisher):
    return {
        "publisherId": "tfs",
        "eventType": event,
        "resourceVersion": "1.0",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "publisherInputs": publisher,
        "consumerInputs": {
            "url": url,
            "basicAuthUsername": "u",
            "basicAuthPassword": "p",
            "httpHeaders": "X-Our: 1",
        },
    }


def test_updated_events(ado):  # noqa: F811
    with Receiver() as receiver:
        project = ado.get(f"/_apis/projects/Web?{V}").json["id"]
        made = ado.post(HOOKS, subscription(receiver.url, projectId=project)).json
        assert made["consumerInputs"]["basicAuthPassword"] == "********"
        ado.sim.control("PATCH", "/ado/issues/1", {"title": "Other project"})
        ado.sim.control("PATCH", "/ado/issues/4", {"status": "Done", "assignee": "alice"})
        got = receiver.next()
        assert got.headers["Authorization"] == "Basic " + base64.b64encode(b"u:p").decode()
        assert got.headers["X-Our"] == "1"
        body = got.json
        assert body["subscriptionId"] == made["id"] and body["notificationId"] == 1 and body["id"]
        resource = body["resource"]
        assert (resource["workItemId"], resource["id"]) == (4, resource["rev"])
        assert resource["fields"]["System.State"] == {"oldValue": "Committed", "newValue": "Done"}
        assert resource["fields"]["System.AssignedTo"]["newValue"] == "Alice Example <alice@example.net>"
        assert resource["revision"]["fields"]["System.State"] == "Done"
        assert body["resourceContainers"]["project"]["id"] == project
        assert body["resourceContainers"]["account"]["baseUrl"].endswith("/ado/fabrikam/")
        assert receiver.none_left()


def test_other_events_and_filters(ado):  # noqa: F811
    with Receiver() as receiver:
        for event in ("workitem.created", "workitem.deleted", "workitem.commented"):
            ado.post(HOOKS, subscription(receiver.url, event))
        ado.post(HOOKS, subscription(receiver.url, changedFields="System.State", workItemType="Bug"))
        made = create(ado, "Bug", put("/fields/System.Title", "Made")).json
        got = receiver.next().json
        assert got["eventType"] == "workitem.created" and got["resource"]["id"] == made["id"]
        ado.sim.control("PATCH", f"/ado/issues/{made['id']}", {"title": "Unwanted"})
        ado.sim.control("POST", f"/ado/issues/{made['id']}/comments", {"body": "Hello"})
        got = receiver.next().json
        assert (
            got["eventType"] == "workitem.commented"
            and got["resource"]["fields"]["System.History"] == "Hello"
        )
        ado.sim.control("DELETE", f"/ado/issues/{made['id']}")
        assert receiver.next().json["eventType"] == "workitem.deleted"


def test_subscriptions_are_managed(ado):  # noqa: F811
    made = ado.post(HOOKS, subscription("http://127.0.0.1:1/x")).json
    place = f"/_apis/hooks/subscriptions/{made['id']}?{V}"
    assert ado.get(place).json["eventType"] == "workitem.updated"
    assert ado.get(HOOKS + "&eventType=workitem.created").json["count"] == 0
    changed = subscription("http://127.0.0.1:1/y", "workitem.created")
    assert ado.ask("PUT", place, changed).json["eventType"] == "workitem.created"
    assert ado.ask("DELETE", place).status == 204 and ado.get(place).status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"publisherId": "rm"},
        {"eventType": "workitem.eaten"},
        {"consumerId": "slack"},
        {"consumerInputs": {"url": "x"}},
        {"publisherInputs": {"projectId": "none"}},
        {"publisherInputs": {"nope": "1"}},
        {"nonsense": 1},
    ],
)
def test_wrong_subscriptions(ado, change):  # noqa: F811
    assert ado.post(HOOKS, subscription("http://127.0.0.1:1/x") | change).status in (400, 403)
    assert ado.get(HOOKS).json["count"] == 0
