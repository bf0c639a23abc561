# SPDX-License-Identifier: Apache-2.0
"""Who may ask Jira Cloud, by which door, and how each credential is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from conftest import basic

from extref_sim.providers.jira.catalogue import CLOUD_ID

SITE, GATEWAY = "/jira/rest/api/3", f"/atlassian/ex/jira/{CLOUD_ID}/rest/api/3"
ALICE = "alice@example.net"
SCOPED, OAUTH = basic(ALICE, "jira-scoped-good-token"), {"Authorization": "Bearer jira-oauth-good-token"}
REFRESH = {"grant_type": "refresh_token", "client_id": "sim-client", "client_secret": "sim-client-secret"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (basic(ALICE, "jira-good-token"), 200),
        (basic("ALICE@example.net", "jira-good-token"), 200),
        (basic("bob@example.net", "jira-good-token"), 401),
        (basic("", "jira-good-token"), 401),
        (basic(ALICE, "jira-expired-token"), 401),
        (basic(ALICE, "jira-revoked-token"), 401),
        ({}, 401),
        ({"Authorization": "Bearer jira-good-token"}, 401),
        ({"Authorization": "jira-good-token"}, 401),
        ({"Authorization": "Basic jira-good-token"}, 401),
        (SCOPED, 401),
        (OAUTH, 401),
    ],
)
def test_the_site_takes_classic_tokens_as_basic(sim, headers, status):
    reply = sim.ask("GET", SITE + "/myself", headers=headers)
    assert reply.status == status
    assert status == 200 or reply.json["errorMessages"] == [
        "Client must be authenticated to access this resource."
    ]


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        (OAUTH, 200, None),
        (SCOPED, 200, None),
        ({}, 401, "Unauthorized"),
        (basic(ALICE, "jira-good-token"), 401, "Unauthorized"),
        ({"Authorization": "Bearer jira-oauth-expired-token"}, 401, "Unauthorized"),
        ({"Authorization": "Bearer jira-oauth-wrong-scope-token"}, 401, "Unauthorized; scope does not match"),
        (basic(ALICE, "jira-scoped-wrong-scope-token"), 401, "Unauthorized; scope does not match"),
    ],
)
def test_the_gateway_takes_oauth_and_scoped_tokens(sim, headers, status, message):
    reply = sim.ask("GET", GATEWAY + "/issue/TES-1", headers=headers)
    assert reply.status == status
    assert message is None or reply.json == {"code": 401, "message": message}


def test_the_gateway_needs_the_scopes_the_contract_names(sim):
    assert (
        sim.ask(
            "GET", GATEWAY + "/myself", headers={"Authorization": "Bearer jira-oauth-wrong-scope-token"}
        ).status
        == 200
    )
    assert sim.ask("GET", GATEWAY + "/priority/search", headers=OAUTH).status == 401
    assert sim.ask("GET", GATEWAY.replace(CLOUD_ID, "other") + "/myself", headers=OAUTH).status == 404


def test_links_stay_below_the_door(sim):
    assert (
        f"/atlassian/ex/jira/{CLOUD_ID}/rest"
        in sim.ask("GET", GATEWAY + "/issue/TES-1", headers=OAUTH).json["self"]
    )
    assert sim.ask("GET", GATEWAY + "/serverInfo", headers=OAUTH).json["baseUrl"].endswith("/jira")


def test_anonymous_sees_a_public_site_only(sim):
    assert sim.ask("GET", SITE + "/issue/TES-1").status == 404
    assert sim.ask("POST", SITE + "/search/jql", {"jql": "project = TES"}).json["issues"] == []
    sim.control("POST", "/jira/settings", {"public": True})
    assert sim.ask("GET", SITE + "/issue/TES-1").status == 200
    assert sim.ask("GET", SITE + "/myself").status == 401
    assert sim.ask("GET", SITE + "/serverInfo").status == 200


def test_bad_credentials_may_be_anonymous(sim):
    sim.control("POST", "/jira/settings", {"bad_credentials_are_anonymous": True})
    reply = sim.ask("GET", SITE + "/issue/TES-1", headers=basic(ALICE, "jira-expired-token"))
    assert (reply.status, reply.headers["X-Seraph-LoginReason"]) == (404, "AUTHENTICATED_FAILED")
    assert sim.ask("GET", SITE + "/myself", headers=basic(ALICE, "jira-expired-token")).status == 401


def test_a_classic_token_without_rights_sees_nothing(sim):
    poor = basic(ALICE, "jira-wrong-scope-token")
    assert sim.ask("GET", SITE + "/myself", headers=poor).status == 200
    assert sim.ask("GET", SITE + "/issue/TES-1", headers=poor).status == 404
    rights = sim.ask("GET", SITE + "/mypermissions?permissions=BROWSE_PROJECTS", headers=poor).json[
        "permissions"
    ]
    assert rights["BROWSE_PROJECTS"]["havePermission"] is False


def refresh(sim, secret):
    return sim.ask("POST", "/atlassian/oauth/token", {**REFRESH, "refresh_token": secret})


def test_refresh_tokens_rotate_with_leeway(sim):
    first = refresh(sim, "jira-refresh-good").json
    assert first["expires_in"] == 3600
    assert (
        sim.ask(
            "GET", GATEWAY + "/myself", headers={"Authorization": f"Bearer {first['access_token']}"}
        ).status
        == 200
    )
    assert refresh(sim, "jira-refresh-good").status == 200
    sim.control("POST", "/clock", {"advance_seconds": 601})
    dead = refresh(sim, "jira-refresh-good")
    assert (dead.status, dead.json["error"]) == (403, "invalid_grant")
    assert refresh(sim, first["refresh_token"]).status == 200


def test_refresh_tokens_may_die_at_once_or_not_rotate(sim):
    sim.control("POST", "/tokens/jira", {"leeway": 0, "lifetime": 30})
    made = refresh(sim, "jira-refresh-good").json
    assert refresh(sim, "jira-refresh-good").status == 403
    sim.control("POST", "/clock", {"advance_seconds": 31})
    bearer = {"Authorization": f"Bearer {made['access_token']}"}
    assert sim.ask("GET", GATEWAY + "/myself", headers=bearer).status == 401
    sim.control("POST", "/tokens/jira", {"rotate": False})
    assert [refresh(sim, made["refresh_token"]).json["refresh_token"] for _ in range(2)] == [
        made["refresh_token"]
    ] * 2
    sim.control("POST", "/tokens/jira", {"revoke": True})
    assert refresh(sim, made["refresh_token"]).status == 403


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({**REFRESH, "client_secret": "wrong", "refresh_token": "jira-refresh-good"}, 401, "access_denied"),
        ({**REFRESH, "grant_type": "password"}, 400, "unsupported_grant_type"),
        ({**REFRESH, "grant_type": "authorization_code", "code": "wrong"}, 403, "invalid_grant"),
        ({**REFRESH, "grant_type": "authorization_code", "code": "sim-auth-code"}, 200, None),
    ],
)
def test_the_token_endpoint_refuses(sim, body, status, error):
    reply = sim.ask("POST", "/atlassian/oauth/token", body)
    assert (reply.status, reply.json.get("error")) == (status, error)


def test_the_token_endpoint_wants_json_and_may_be_told_to_fail(sim):
    form = {**REFRESH, "refresh_token": "jira-refresh-good"}
    assert sim.ask("POST", "/atlassian/oauth/token", form=form).status == 415
    sim.control("POST", "/tokens/jira", {"fail": "invalid_grant"})
    assert refresh(sim, "jira-refresh-good").status == 403


def test_consent_hands_out_a_code_for_one_use(sim):
    ask = {
        "audience": "api.atlassian.com",
        "client_id": "sim-client",
        "scope": "read:jira-work read:jira-user offline_access",
        "redirect_uri": "https://extref.example/cb?x=1",
        "state": "s t",
        "response_type": "code",
        "prompt": "consent",
    }
    assert sim.ask("GET", "/atlassian/authorize?" + urlencode({**ask, "audience": "x"})).status == 400
    assert sim.ask("GET", "/atlassian/authorize?client_id=sim-client").status == 400
    reply = sim.ask("GET", "/atlassian/authorize?" + urlencode(ask))
    back = dict(parse_qsl(urlsplit(reply.headers["Location"]).query))
    assert (reply.status, back["x"], back["state"]) == (302, "1", "s t")
    form = {
        "grant_type": "authorization_code",
        "client_id": "sim-client",
        "client_secret": "sim-client-secret",
        "code": back["code"],
        "redirect_uri": ask["redirect_uri"],
    }
    made = sim.ask("POST", "/atlassian/oauth/token", form)
    assert made.json["scope"] == "offline_access read:jira-user read:jira-work"
    assert sim.ask("POST", "/atlassian/oauth/token", form).status == 403


def test_the_cloud_id_is_found_twice(sim):
    assert sim.ask("GET", "/jira/_edge/tenant_info").json == {"cloudId": CLOUD_ID}
    rows = sim.ask("GET", "/atlassian/oauth/token/accessible-resources", headers=OAUTH).json
    assert [(row["id"], row["url"].endswith("/jira")) for row in rows] == [(CLOUD_ID, True)]
    assert "read:jira-work" in rows[0]["scopes"]
    assert sim.ask("GET", "/atlassian/oauth/token/accessible-resources").status == 401


def test_rate_limit_numbers(sim):
    headers = sim.ask("GET", SITE + "/serverInfo").headers
    assert headers["X-RateLimit-Limit"] == "350"
    assert headers["X-RateLimit-Reset"].endswith("Z")
    sim.control("POST", "/jira/budget", {"remaining": 20})
    assert sim.ask("GET", SITE + "/serverInfo").headers["X-RateLimit-NearLimit"] == "true"
    sim.control("POST", "/faults", {"kind": "rate_429", "retry_after": 5, "provider": "jira"})
    reply = sim.ask("GET", SITE + "/serverInfo")
    assert (reply.status, reply.headers["RateLimit-Reason"]) == (429, "jira-burst-based")
