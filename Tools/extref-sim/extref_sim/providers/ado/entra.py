# SPDX-License-Identifier: Apache-2.0
"""Entra ID's token endpoint, as a service principal uses it for Azure DevOps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Answer, json_answer
from ...call import Call
from ...oauth import OAuthFault
from .seed import TENANT

if TYPE_CHECKING:
    from .module import AzureDevOps

RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798/.default"
_SCOPES = frozenset({"vso.work_write", "vso.project", "vso.profile"})
_NUMBERS = {"invalid_client": 7000215, "unauthorized_client": 700016, "unsupported_grant_type": 70003}


def token(ado: "AzureDevOps", call: Call) -> Answer:
    """Only client_credentials, only for Azure DevOps' own resource, only in the known tenant."""
    form = call.body if isinstance(call.body, dict) else {}
    if call.params["tenant"] != TENANT:
        return _refused(ado, 400, "invalid_request", 90002, f"Tenant '{call.params['tenant']}' not found.")
    if call.media_type != "application/x-www-form-urlencoded":
        text = "The request body must contain the following parameter: 'grant_type'."
        return _refused(ado, 400, "invalid_request", 900144, text)
    if form.get("grant_type") != "client_credentials":
        text = f"The app requested an unsupported grant type '{form.get('grant_type')}'."
        return _refused(ado, 400, "unsupported_grant_type", 70003, text)
    if form.get("scope") != RESOURCE:
        text = f"The provided value for scope {form.get('scope')} is not valid."
        return _refused(ado, 400, "invalid_scope", 1002012, text)
    try:
        made = ado.tokens.grant(form, _SCOPES)
    except OAuthFault as fault:
        return _refused(ado, 401, fault.code, _NUMBERS.get(fault.code, 70000), fault.description)
    life = made["expires_in"]
    return json_answer(
        {
            "token_type": "Bearer",
            "expires_in": life,
            "ext_expires_in": life,
            "access_token": made["access_token"],
        }
    )


def _refused(ado: "AzureDevOps", status: int, error: str, number: int, text: str) -> Answer:
    trace = "d7c9a3f2-0000-4000-8000-000000000001"
    now = f"{ado.clock.now():%Y-%m-%d %H:%M:%SZ}"
    body = {
        "error": error,
        "error_description": f"AADSTS{number}: {text} Trace ID: {trace} Timestamp: {now}",
        "error_codes": [number],
        "timestamp": now,
        "trace_id": trace,
        "correlation_id": trace,
    }
    return json_answer(body, status)
