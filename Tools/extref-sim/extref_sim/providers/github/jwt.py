# SPDX-License-Identifier: Apache-2.0
"""The JWT with which a GitHub App speaks as itself: RS256, a short life, the app's id as issuer.

The claims are always checked. The signature is checked when a test registers the app's public key
(`POST /_sim/github/settings {"app_public_key": PEM}`); without one any signature passes."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ...answers import Refusal
from ...call import Call
from ...credentials import Credential, split_authorization
from .errors import error_answer

if TYPE_CHECKING:
    from .module import GitHub

APP_ID, APP_CLIENT_ID = 12345, "Iv23liSimClientId"
_SKEW_SECONDS, _LIFE_SECONDS = 60, 600
_UNDECODABLE = "A JSON web token could not be decoded"


def checked_app_jwt(github: "GitHub", call: Call) -> Credential:
    """The App as a credential, or the 401 that names the wrong claim."""
    scheme, text = split_authorization(call.headers)
    parts = text.split(".")
    if scheme != "bearer" or len(parts) != 3:
        raise _refused(_UNDECODABLE)
    header, claims = _json(parts[0]), _json(parts[1])
    if header.get("alg") != "RS256" or header.get("typ", "JWT") != "JWT":
        raise _refused(_UNDECODABLE)
    _check_signature(github.settings["app_public_key"], parts)
    _check_claims(claims, github.clock.epoch())
    if str(claims["iss"]) not in (str(APP_ID), APP_CLIENT_ID):
        raise Refusal(error_answer(404, "Integration not found"))
    return Credential("", "app", "acme")


def _check_claims(claims: dict[str, Any], now: float) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or issued > now + _SKEW_SECONDS / 2:
        raise _refused(
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        )
    if not isinstance(expires, int) or expires <= now:
        raise _refused(
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at "
            "which the assertion expires"
        )
    if expires > now + _LIFE_SECONDS + _SKEW_SECONDS / 2 or expires - issued > _LIFE_SECONDS + _SKEW_SECONDS:
        raise _refused("'Expiration time' claim ('exp') is too far in the future")
    if "iss" not in claims:
        raise _refused("'Issuer' claim ('iss') must be an Integer")


def _check_signature(pem: str | None, parts: list[str]) -> None:
    if not parts[2]:
        raise _refused(_UNDECODABLE)
    if not pem:
        return
    key: Any = load_pem_public_key(pem.encode())
    try:
        key.verify(_bytes(parts[2]), f"{parts[0]}.{parts[1]}".encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        raise _refused(_UNDECODABLE) from None


def _json(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_bytes(part))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise _refused(_UNDECODABLE)
    return value


def _bytes(part: str) -> bytes:
    """base64url without padding: a padded or standard alphabet text is no JWT."""
    if not part.replace("-", "").replace("_", "").isalnum():
        raise _refused(_UNDECODABLE)
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise _refused(_UNDECODABLE) from None


def _refused(message: str) -> Refusal:
    return Refusal(error_answer(401, message), f"app jwt: {message}")
