# SPDX-License-Identifier: Apache-2.0
"""How vendors prove that a webhook is theirs (providers.md 1.6)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Callable

Signer = Callable[[bytes, str, str, int], dict[str, str]]


def _hex(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _standard_webhooks(body: bytes, secret: str, delivery: str, epoch: int) -> dict[str, str]:
    """GitLab's signing token: the key is the base64 part after `whsec_`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{delivery}.{epoch}.".encode() + body
    code = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": delivery, "webhook-timestamp": str(epoch), "webhook-signature": f"v1,{code}"}


def _basic(secret: str) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


SCHEMES: dict[str, Signer] = {
    "none": lambda body, secret, delivery, epoch: {},
    "jira": lambda body, secret, delivery, epoch: {"X-Hub-Signature": "sha256=" + _hex(body, secret)},
    "github": lambda body, secret, delivery, epoch: {"X-Hub-Signature-256": "sha256=" + _hex(body, secret)},
    "gitlab_token": lambda body, secret, delivery, epoch: {"X-Gitlab-Token": secret},
    "gitlab_signing": _standard_webhooks,
    "ado_basic": lambda body, secret, delivery, epoch: {"Authorization": _basic(secret)},
    "linear": lambda body, secret, delivery, epoch: {"Linear-Signature": _hex(body, secret)},
    "forgejo": lambda body, secret, delivery, epoch: {
        "X-Forgejo-Signature": _hex(body, secret),
        "X-Gitea-Signature": _hex(body, secret),
    },
    "asana": lambda body, secret, delivery, epoch: {"X-Hook-Signature": _hex(body, secret)},
    "shortcut": lambda body, secret, delivery, epoch: {"Payload-Signature": _hex(body, secret)},
    "clickup": lambda body, secret, delivery, epoch: {"X-Signature": _hex(body, secret)},
}
