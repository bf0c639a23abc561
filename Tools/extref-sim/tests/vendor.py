# SPDX-License-Identifier: Apache-2.0
"""Helpers of the vendors' tests: one to ask briefly, two that judge our own answers by the published
contracts."""

from __future__ import annotations

import json
from typing import Any

from conftest import DEFAULT_CONTRACTS, Client, Reply
from extref_sim.contract.schema import normalised, registry_of, validator
from extref_sim.contract.undeclared import undeclared


class Vendor:
    """Asks one provider below its mount with the same headers."""

    def __init__(self, sim: Client, mount: str, headers: dict[str, str]) -> None:
        self.sim = sim
        self.mount = mount
        self.headers = headers

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, Any] | None = None,
        form: dict[str, str] | None = None,
    ) -> Reply:
        """A header of None is left out."""
        sent = {**self.headers, **(headers or {})}
        return self.sim.ask(
            method, self.mount + path, body, {k: v for k, v in sent.items() if v is not None}, form
        )

    def get(self, path: str, **headers: Any) -> Reply:
        return self.ask("GET", path, None, headers or None)

    def post(self, path: str, body: Any = None, **headers: Any) -> Reply:
        return self.ask("POST", path, body, headers or None)

    def as_(self, **headers: Any) -> "Vendor":
        """The same with other headers; underscores stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Vendor(self.sim, self.mount, {**self.headers, **named})

    def follow(self, url: str) -> Reply:
        """An absolute URL from an answer, as it is."""
        assert url.startswith(f"http://{self.sim.host}"), url
        return self.sim.ask("GET", url.removeprefix(f"http://{self.sim.host}"), None, self.headers)


def assert_honest(sim: Client) -> None:
    """No answer since the last reset differs from the contract, and no handler crashed. The test server
    judges every answer of an operation that a contract describes (`check_answers`)."""
    for entry in sim.journal():
        assert not entry.get("answer_violation"), (entry["method"], entry["path"], entry["answer_violation"])
        assert "SIMULATOR BUG" not in (entry["violation"] or ""), entry["violation"]


def violation(sim: Client) -> str:
    """What the journal says was wrong with the last request; empty when nothing was."""
    return sim.journal()[-1]["violation"] or ""


def schema_errors(file: str, pointer: str, value: Any, closed: bool = True) -> list[str]:
    """How a value (a webhook's body) differs from the schema at a JSON pointer of a contract."""
    document = json.loads((DEFAULT_CONTRACTS / file).read_text())
    uri = f"urn:test:{file}"
    whole = normalised(document, uri)
    registry = registry_of(whole, uri)
    schema = {"$ref": f"{uri}#{pointer}"}
    errors = [
        f"{error.json_path}: {error.message[:200]}"
        for error in validator(schema, registry, False).iter_errors(value)
    ]
    return [*errors, *(undeclared(value, schema, registry) if closed else ())]
