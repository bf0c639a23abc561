# SPDX-License-Identifier: Apache-2.0
"""Who asks: a PAT as Basic with an empty user, or an Entra token as Bearer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Refusal
from ...call import Call
from ...credentials import basic_pair, split_authorization
from .errors import error_answer, sign_in_answer

if TYPE_CHECKING:
    from .module import AzureDevOps

_INCLUDED = {"vso.work_write": ("vso.work",), "vso.work_full": ("vso.work", "vso.work_write")}
_QUIET = "Access Denied: The Personal Access Token used has expired."
_UNKNOWN = "TF400813: Resource not available for anonymous access. Client authentication required."


def authenticate(ado: "AzureDevOps", call: Call) -> None:
    pair = basic_pair(call.headers)
    scheme, rest = split_authorization(call.headers)
    if pair is not None and pair[0]:
        call.violations.append("a PAT goes with an empty user name")
    secret, kind = (pair[1], "pat") if pair is not None else (rest if scheme == "bearer" else "", "oauth")
    found = ado.credentials.find(secret, kind)
    state = found.state_at(ado.clock.epoch()) if found else "unknown"
    if state in ("unknown", "expired", "revoked"):
        raise Refusal(_signed_out(ado, call, state, scheme == "bearer"))
    call.credential = found
    _check_scopes(ado, call)


def _signed_out(ado: "AzureDevOps", call: Call, state: str, bearer: bool):  # type: ignore[no-untyped-def]
    """A page for browsers with 203 (earlier 302), unless the client asks not to be led to a login."""
    quiet = call.headers.get("X-TFS-FedAuthRedirect", "").lower() == "suppress"
    if not quiet and not bearer and ado.settings["bad_pat"] != "401":
        return sign_in_answer(ado.settings["bad_pat"], call.origin)
    text = _QUIET if state == "expired" else _UNKNOWN
    answer = error_answer(401, text, "UnauthorizedRequestException", 3000)
    return answer.with_headers(
        WWW_Authenticate='Bearer authorization_uri=https://login.example, Basic realm=""'
    )


def _check_scopes(ado: "AzureDevOps", call: Call) -> None:
    """The contract names a scope for every operation; a PAT without it is not told which one."""
    needed = getattr(call.route.judged, "security", None) or []
    held = set(call.credential.scopes)  # type: ignore[union-attr]
    for scope in list(held):
        held.update(_INCLUDED.get(scope, ()))
    choices = [scope for row in needed for scopes in row.values() for scope in scopes]
    if choices and not held & set(choices):
        user = ado.user(call.credential.user)  # type: ignore[union-attr]
        text = f"TF400813: The user '{user.id}' is not authorized to access this resource."
        raise Refusal(error_answer(401, text, "UnauthorizedRequestException", 3000))
