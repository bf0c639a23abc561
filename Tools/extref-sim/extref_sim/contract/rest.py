# SPDX-License-Identifier: Apache-2.0
"""Loads an OpenAPI 3.x or Swagger 2 document and hands out its operations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

from .operation import Operation, Parameter
from .schema import closed, normalised, python_typed, registry_of, validator
from .undeclared import undeclared

METHODS = ("get", "post", "put", "patch", "delete")
_SCHEMA_WORDS = (
    "type",
    "enum",
    "items",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "uniqueItems",
    "x-nullable",
)


class RestContract:
    """The operations of one document. A file of several documents (`{wit: {...}, core: {...}}`) is asked
    with the document's name in front: `wit:/{organization}/_apis/...`."""

    def __init__(
        self,
        file_name: str,
        closed_bodies: bool = True,
        nulls_answered: bool = False,
        closed_answers: tuple[str, ...] | None = None,
        amend: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.file_name = file_name
        self.closed_answers = closed_answers
        """Given: our own answers may hold nothing beyond the contract but properties of these names, which
        the vendor sends all the same (checked with --check-answers)."""
        self.amend = amend
        """Puts right what the published document is known to say wrongly, before it is read."""
        self.nulls_answered = nulls_answered
        self.closed_bodies = closed_bodies
        self.loaded = False
        self._folder: Path | None = None
        self._operations: dict[tuple[str, str], Operation] = {}

    def load(self, folder: Path | None) -> None:
        """Reads the file; every operation is made ready, so that a broken contract shows at start.
        Without a folder nothing is known. Reading the same folder again is free."""
        self.loaded = folder is not None
        if folder is None or folder == self._folder:
            return
        self._folder = folder
        document = json.loads((folder / self.file_name).read_text())
        if self.amend is not None:
            self.amend(document)
        parts = {"": document} if "paths" in document else document
        for name, part in parts.items():
            _Part(self, name, part).read(self._operations)

    def operation(self, method: str, path: str) -> Operation | None:
        return self._operations.get((method.upper(), path))

    def paths(self) -> list[tuple[str, str]]:
        """(METHOD, path) of all operations: a test compares them with the routes of a module."""
        return sorted(self._operations)


class _Part:
    """One document on its way to operations."""

    def __init__(self, contract: RestContract, name: str, document: dict[str, Any]) -> None:
        self.prefix = f"{name}:" if name else ""
        self.uri = f"urn:contract:{contract.file_name}:{name or 'all'}"
        self.document = document
        self.asked = normalised(document, self.uri + ":asked", for_request=True)
        self.answered = normalised(document, self.uri)
        self.asked_registry = registry_of(self.asked, self.uri + ":asked")
        self.answered_registry = registry_of(self.answered, self.uri)
        self.closed_bodies = contract.closed_bodies
        self.closed_answers = contract.closed_answers
        self.nulls_answered = contract.nulls_answered

    def read(self, into: dict[tuple[str, str], Operation]) -> None:
        for path, item in self.asked["paths"].items():
            for method in METHODS:
                if method in item:
                    answered = self.answered["paths"][path][method]
                    into[(method.upper(), self.prefix + path)] = self._operation(item, item[method], answered)

    def _operation(self, item: dict[str, Any], node: dict[str, Any], answered: dict[str, Any]) -> Operation:
        rows = [self._resolved(row) for row in [*item.get("parameters", ()), *node.get("parameters", ())]]
        operation = Operation(self._maker, nulls_answered=self.nulls_answered)
        operation.parameters = [
            self._parameter(row) for row in rows if row["in"] in ("query", "path", "header")
        ]
        operation.answers = self._answers(answered)
        if self.closed_answers is not None:
            allowed = frozenset(self.closed_answers)
            registry = self.answered_registry
            operation.undeclared = lambda schema, value: undeclared(value, schema, registry, allowed)
        operation.security = node.get("security", self.document.get("security"))
        self._read_body(operation, node, rows)
        return operation

    def _read_body(self, operation: Operation, node: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        asked = self._resolved(node.get("requestBody") or {})
        for kind, media in (asked.get("content") or {}).items():
            operation.body_schemas[kind] = self._closed(media.get("schema") or {})
        operation.content_types = tuple(operation.body_schemas)
        operation.body_required = asked.get("required", bool(asked) and self._needs_body(operation))
        for row in rows:
            if row["in"] == "body":
                consumes = node.get("consumes") or self.document.get("consumes") or ["application/json"]
                operation.content_types = tuple(consumes)
                operation.body_schema = self._closed(row.get("schema") or {})
                operation.body_required = row.get("required", False)

    @staticmethod
    def _needs_body(operation: Operation) -> bool:
        return any(schema.get("required") for schema in operation.body_schemas.values())

    def _parameter(self, row: dict[str, Any]) -> Parameter:
        if "x-python-type" in row:
            schema, needed = python_typed(row["x-python-type"])
            return Parameter(row["name"], row["in"], schema, needed and row["in"] != "path")
        if "schema" in row:
            style = row.get("style", "form")
            return Parameter(
                row["name"],
                row["in"],
                row["schema"],
                row.get("required", False),
                style,
                row.get("explode", style == "form"),
            )
        schema = {word: row[word] for word in _SCHEMA_WORDS if word in row}
        style = row.get("collectionFormat", "csv")
        return Parameter(row["name"], row["in"], schema, row.get("required", False), style, style == "multi")

    def _answers(self, node: dict[str, Any]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for status, answer in node.get("responses", {}).items():
            answer = self._resolved(answer, answered=True)
            schema = answer.get("schema")
            for kind, media in (answer.get("content") or {}).items():
                schema = media.get("schema") if "json" in kind else schema
            if schema:
                found[status] = {"allOf": [schema], "$comment": "answer"}
        return found

    def _resolved(self, node: dict[str, Any], answered: bool = False) -> dict[str, Any]:
        registry = self.answered_registry if answered else self.asked_registry
        while "$ref" in node:
            node = registry.resolver().lookup(node["$ref"]).contents
        return node

    def _closed(self, schema: dict[str, Any]) -> dict[str, Any]:
        return closed(schema, self.asked_registry) if self.closed_bodies else schema

    def _maker(self, schema: dict[str, Any]) -> Any:
        if schema.get("$comment") == "answer":
            return validator(schema, self.answered_registry, formats=False)
        return validator(schema, self.asked_registry)
