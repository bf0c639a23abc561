# SPDX-License-Identifier: Apache-2.0
"""GitHub's tokens, Apps and limits."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from test_github_rest import APP, cloud, github  # noqa: F401 - fixtures

KEY = rsa.generate_private_key(65537, 2048)


def bearer(vendor, token):
    return vendor.as_(Authorization=f"Bearer {token}")


@pytest.mark.parametrize("state", ["expired", "revoked"])
@pytest.mark.parametrize("word", ["", "fine-grained-", "installation-"])
def test_dead_tokens(cloud, state, word):  # noqa: F811
    reply = bearer(cloud, f"github-{word}{state}-token").get("/repos/acme/web")
    assert reply.status == 401 and reply.json["message"] == "Bad credentials"
    assert bearer(cloud, "unheard-of").get("/user").status == 401


def test_classic_scopes_show_in_headers(cloud):  # noqa: F811
    reply = cloud.get("/user")
    assert reply.json["login"] == "alice" and reply.headers["X-OAuth-Scopes"] == "read:org, repo, user"
    poor = bearer(cloud, "github-wrong-scope-token")
    assert poor.get("/user").headers["X-OAuth-Scopes"] == "gist"
    assert poor.get(f"{APP}/issues/1").status == 404
    assert poor.get("/repos/acme/web/issues/1").status == 200
    assert poor.post("/repos/acme/web/issues/1/comments", {"body": "x"}).status == 404


def test_fine_grained_tokens_are_told_what_they_lack(cloud):  # noqa: F811
    poor = bearer(cloud, "github-fine-grained-wrong-scope-token")
    reply = poor.get(f"{APP}/issues/1")
    assert reply.status == 403 and reply.json["message"] == "Resource not accessible by personal access token"
    assert reply.headers["X-Accepted-GitHub-Permissions"] == "issues=read"
    assert poor.get(APP).json["permissions"]["pull"] is False
    good = bearer(cloud, "github-fine-grained-good-token")
    assert good.get(f"{APP}/issues/1").status == 200
    assert "X-OAuth-Scopes" not in good.get("/user").headers
    assert good.get("/search/issues?q=checkout").status == 422
    assert good.get("/search/issues?q=checkout+is:issue").status == 200


def test_anonymous_sees_public_things_only(cloud):  # noqa: F811
    nobody = cloud.as_(Authorization=None)
    assert nobody.get("/repos/acme/web/issues/1").status == 200
    assert nobody.get(f"{APP}/issues/1").status == 404
    assert nobody.get("/user").status == 401
    assert nobody.post("/repos/acme/web/issues", {"title": "x"}).status == 401


def test_headers_a_client_must_send(cloud, github):  # noqa: F811
    assert cloud.as_(User_Agent="").get("/user").status == 403
    assert cloud.as_(Accept="text/xml").get("/user").status == 415
    assert cloud.as_(X_GitHub_Api_Version="2020-01-01").get("/user").status == 400
    assert github.as_(X_GitHub_Api_Version="2026-03-10").get("/user").status == 400
    assert (
        cloud.as_(X_GitHub_Api_Version=None).get("/user").headers["X-GitHub-Api-Version-Selected"]
        == "2022-11-28"
    )


def test_saml(cloud):  # noqa: F811
    cloud.sim.control("POST", "/github/settings", {"sso_required": True})
    reply = cloud.get(f"{APP}/issues/1")
    assert reply.status == 403 and reply.headers["X-GitHub-SSO"].startswith("required; url=http")


def test_token_expiry_header(cloud):  # noqa: F811
    cloud.sim.sim.providers["github"].credentials.find("github-good-token").expires_at = 4102444800
    assert cloud.get("/user").headers["GitHub-Authentication-Token-Expiration"] == "2100-01-01 00:00:00 UTC"


# -- Apps ------------------------------------------------------------------------------------------------


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(now, key=KEY, alg="RS256", **changes):
    claims = {"iat": int(now) - 60, "exp": int(now) + 600, "iss": 12345, **changes}
    text = f"{part({'alg': alg, 'typ': 'JWT'})}.{part({k: v for k, v in claims.items() if v is not None})}"
    code = key.sign(text.encode(), padding.PKCS1v15(), SHA256())
    return f"{text}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}"


@pytest.fixture
def app(cloud):  # noqa: F811
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    cloud.sim.control("POST", "/github/settings", {"app_public_key": pem})
    cloud.now = cloud.sim.sim.clock.epoch()
    return cloud


def test_app_and_its_installation(app):
    asker = bearer(app, jwt(app.now))
    assert asker.get("/app").json["permissions"]["issues"] == "write"
    assert (
        asker.get(f"{APP}/installation").json["id"] == 5001 == asker.get("/orgs/acme/installation").json["id"]
    )
    assert asker.get("/repos/other/x/installation").status == 404
    assert asker.get("/app/installations").json[0]["id"] == 5001
    assert bearer(app, jwt(app.now, iss="Iv23liSimClientId")).get("/app").status == 200


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"exp": 700}, 401, "too far in the future"),
        ({"exp": -1}, 401, "'exp'"),
        ({"iat": 120}, 401, "'iat'"),
        ({"iat": None}, 401, "'iat'"),
        ({"exp": None}, 401, "'exp'"),
        ({"iss": None}, 401, "'iss'"),
        ({"iss": 777}, 404, "Integration not found"),
        ({"alg": "HS256"}, 401, "could not be decoded"),
    ],
)
def test_bad_claims(app, changes, status, text):
    timed = {
        name: app.now + value if name in ("exp", "iat") and value is not None else value
        for name, value in changes.items()
    }
    timed = {name: int(value) if isinstance(value, float) else value for name, value in timed.items()}
    reply = bearer(app, jwt(app.now, **timed)).get("/app")
    assert reply.status == status and text in reply.json["message"]


def test_bad_signature(app):
    other = rsa.generate_private_key(65537, 2048)
    assert bearer(app, jwt(app.now, other)).get("/app").status == 401
    assert bearer(app, "github-good-token").get("/app").status == 401
    app.sim.control("POST", "/github/settings", {"app_public_key": None})
    assert bearer(app, jwt(app.now, other)).get("/app").status == 200


def test_installation_token_lives_an_hour(app):
    reply = bearer(app, jwt(app.now)).post("/app/installations/5001/access_tokens")
    assert reply.status == 201 and reply.json["repository_selection"] == "all"
    holder = bearer(app, reply.json["token"])
    assert holder.get(f"{APP}/issues/1").status == 200
    assert holder.get("/user").status == 403
    assert holder.get("/installation/repositories?per_page=1").json["total_count"] == 3
    app.sim.control("POST", "/clock", {"advance_seconds": 3601})
    assert holder.get(f"{APP}/issues/1").status == 401


def test_installation_token_for_some(app):
    asker = bearer(app, jwt(app.now))
    place = "/app/installations/5001/access_tokens"
    reply = asker.post(place, {"repositories": ["web"], "permissions": {"issues": "read"}})
    assert reply.json["repositories"][0]["full_name"] == "acme/web"
    holder = bearer(app, reply.json["token"])
    assert holder.get(f"{APP}/issues/1").status == 404
    assert holder.get("/repos/acme/web/issues/1").status == 200
    assert holder.post("/repos/acme/web/issues", {"title": "x"}).status == 403
    assert asker.post(place, {"repositories": ["none"]}).status == 422
    assert asker.post(place, {"permissions": {"administration": "write"}}).status == 422
    assert asker.post(place, {"nonsense": 1}).status == 422
    assert asker.post("/app/installations/9/access_tokens").status == 404
    assert cloud_refuses(app.get("/installation/repositories"))


def cloud_refuses(reply):
    return reply.status == 403


# -- Limits ----------------------------------------------------------------------------------------------


def test_limit_headers(cloud, github):  # noqa: F811
    headers = cloud.get("/user").headers
    assert headers["X-RateLimit-Resource"] == "core" and headers["X-RateLimit-Limit"] == "5000"
    assert cloud.get("/search/issues?q=x").headers["X-RateLimit-Limit"] == "30"
    assert set(cloud.get("/rate_limit").json) == {"resources"}
    assert "X-RateLimit-Limit" not in github.get("/user").headers
    assert github.get("/rate_limit").status == 404
    assert github.get("/user").headers["X-GitHub-Enterprise-Version"]


def test_the_primary_limit(cloud):  # noqa: F811
    cloud.sim.control("POST", "/github/budget", {"limit": 2, "enforced": True})
    assert [cloud.get("/user").status for _ in range(3)] == [200, 200, 403]
    reply = cloud.get("/user")
    assert reply.headers["X-RateLimit-Remaining"] == "0" and "Retry-After" not in reply.headers
    assert "API rate limit exceeded" in reply.json["message"]
    assert cloud.get("/rate_limit").status == 200
    cloud.sim.control("POST", "/clock", {"advance_seconds": 3601})
    assert cloud.get("/user").status == 200


def test_the_secondary_limit(cloud):  # noqa: F811
    cloud.sim.control(
        "POST", "/faults", {"provider": "github", "kind": "rate_403_secondary", "retry_after": 7}
    )
    reply = cloud.get("/user")
    assert (
        reply.status == 403 and reply.headers["Retry-After"] == "7" and "secondary" in reply.json["message"]
    )
