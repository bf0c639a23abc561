# SPDX-License-Identifier: Apache-2.0
"""Consent pages and the codes they hand out: one use, one redirect_uri, PKCE."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

BACK = "https://extref.example/back?x=1"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
PLACES = [("gitlab", "read_api read_user"), ("linear", "read,write")]


def page(sim, provider, scope, **changes):
    ask = {
        "client_id": "sim-client",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": scope,
        "state": "s1",
    }
    return sim.ask("GET", f"/{provider}/oauth/authorize?{urlencode({**ask, **changes})}")


def redeem(sim, provider, code, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": "sim-client",
        "client_secret": "sim-client-secret",
        **changes,
    }
    return sim.ask("POST", f"/{provider}/oauth/token", form=form)


def code_of(reply):
    assert reply.status == 302, reply.raw
    ask = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert ask["state"] == ["s1"] and ask["x"] == ["1"]
    return ask["code"][0]


@pytest.mark.parametrize(("provider", "scope"), PLACES)
def test_a_code_is_good_once(sim, provider, scope):
    code = code_of(page(sim, provider, scope))
    made = redeem(sim, provider, code)
    assert made.status == 200 and made.json["refresh_token"]
    assert set(made.json["scope"].split()) == set(scope.replace(",", " ").split())
    assert redeem(sim, provider, code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(("provider", "scope"), PLACES)
def test_a_code_belongs_to_its_address_and_verifier(sim, provider, scope):
    assert redeem(sim, provider, code_of(page(sim, provider, scope)), redirect_uri="https://x").status == 400
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert redeem(sim, provider, code_of(page(sim, provider, scope, **proof))).status == 400
    assert (
        redeem(sim, provider, code_of(page(sim, provider, scope, **proof)), code_verifier=VERIFIER).status
        == 200
    )


@pytest.mark.parametrize(("provider", "scope"), PLACES)
@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "x"},
        {"response_type": "token"},
        {"scope": "everything"},
        {"code_challenge": "x", "code_challenge_method": "plain"},
    ],
)
def test_a_wrong_application_gets_a_page(sim, provider, scope, change):
    reply = page(sim, provider, **{"scope": scope, **change})
    assert reply.status == 400 and sim.journal(violations=1)
