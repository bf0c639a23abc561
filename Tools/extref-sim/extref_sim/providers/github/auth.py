# SPDX-License-Identifier: Apache-2.0
"""Who asks, and what they may do: classic and fine-grained tokens, installation tokens, GitHub App JWTs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Refusal
from ...call import Call
from ...credentials import Credential, basic_pair, split_authorization
from ...routing import OPTIONAL
from ...world import Project
from .errors import error_answer
from .jwt import checked_app_jwt

if TYPE_CHECKING:
    from .module import GitHub

APP = "app"
"""The scope of routes that only the App itself (a JWT) may ask."""
_HINTS = {"classic": "", "fine_grained": "personal access token", "installation": "integration"}
_NONE: frozenset[str] = frozenset()


def authenticate(github: "GitHub", call: Call) -> None:
    """Sets `call.credential`; 401 for bad tokens, whatever the route allows."""
    if APP in call.route.scopes:
        call.credential = checked_app_jwt(github, call)
        return
    secret = _secret(call)
    if secret is None:
        if call.route.auth != OPTIONAL:
            raise Refusal(error_answer(401, "Requires authentication"))
        return
    found = github.credentials.find(secret, *_HINTS)
    if found is None or found.state_at(github.clock.epoch()) in ("expired", "revoked"):
        raise Refusal(error_answer(401, "Bad credentials"))
    call.credential = found
    if github.settings["sso_required"] and found.kind != "installation":
        _refuse_sso(call)


def _secret(call: Call) -> str | None:
    """Bearer, the older `token`, or Basic with the token as password."""
    scheme, rest = split_authorization(call.headers)
    pair = basic_pair(call.headers)
    if pair is not None:
        return pair[1]
    if scheme in ("bearer", "token"):
        return rest
    return "" if "Authorization" in call.headers else None


def _refuse_sso(call: Call) -> None:
    text = (
        "Resource protected by organization SAML enforcement. You must grant your Personal Access token "
        "access to this organization."
    )
    url = f"{call.origin}/github/orgs/acme/sso?authorization_request=A1B2C3"
    raise Refusal(error_answer(403, text).with_headers(X_GitHub_SSO=f"required; url={url}"))


def rights(credential: Credential | None, repo: Project) -> frozenset[str]:
    """What the asker may do in a repository: read, comment (and open issues), write, admin; `metadata`
    alone is a token without any. Empty means that the repository does not exist for them."""
    public = not repo.extra.get("private")
    if not repo.visible:
        return _NONE
    if credential is None:
        return frozenset({"read"}) if public else _NONE
    if credential.kind == "classic":
        held = _classic(credential, public)
    else:
        held = _granted(credential, repo, public)
    return held & frozenset(credential.extra.get("at_most", held))  # type: ignore[call-overload]


def _classic(credential: Credential, public: bool) -> frozenset[str]:
    if "repo" in credential.scopes or public and "public_repo" in credential.scopes:
        return frozenset({"read", "comment", "write", "admin"})
    return frozenset({"read"}) if public else _NONE


def _granted(credential: Credential, repo: Project, public: bool) -> frozenset[str]:
    """Fine-grained and installation tokens: chosen repositories, and a level for issues."""
    chosen = credential.extra.get("repositories")
    if chosen is not None and repo.id not in chosen:  # type: ignore[operator]
        return frozenset({"read"}) if public else _NONE
    level = credential.extra["permissions"].get("issues")  # type: ignore[attr-defined]
    held = {"read": {"read"}, "write": {"read", "comment", "write"}}.get(
        level, {"read"} if public else {"metadata"}
    )
    return frozenset(held)


def demand(call: Call, repo: Project, right: str) -> frozenset[str]:
    """The asker's rights in the repository; refuses when `right` is missing. Existence is hidden by 404,
    except from tokens that see the repository but lack the permission."""
    held = rights(call.credential, repo)
    if right in held:
        return held
    hint = _HINTS.get(call.credential.kind, "") if call.credential else ""
    if held and hint:
        wanted = "read" if right == "read" else "write"
        raise Refusal(
            error_answer(403, f"Resource not accessible by {hint}").with_headers(
                X_Accepted_GitHub_Permissions=f"issues={wanted}"
            )
        )
    if held and call.credential is None:
        raise Refusal(error_answer(401, "Requires authentication"))
    if "comment" in held and "at_most" in call.credential.extra:  # type: ignore[union-attr]
        raise Refusal(error_answer(403, "Must have admin rights to Repository."))
    raise Refusal(error_answer(404, "Not Found"))
