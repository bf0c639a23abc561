# SPDX-License-Identifier: Apache-2.0
"""Request tables of our own, for trackers that publish no contract and for runs without the folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from referencing import Registry

from .operation import Operation, Parameter
from .schema import validator

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
STRINGS = {"type": "array", "items": STRING}


@dataclass(frozen=True)
class RequestTable:
    """What an operation accepts: `query` by name, which of them are `required`, the body's JSON schema."""

    query: dict[str, dict[str, Any]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    body: dict[str, Any] | None = None
    body_required: bool = True
    content_types: tuple[str, ...] = ("application/json",)

    def operation(self) -> Operation:
        rows = [
            Parameter(name, "query", schema, name in self.required) for name, schema in self.query.items()
        ]
        operation = Operation(lambda schema: validator(schema, Registry()), rows)
        if self.body is not None:
            operation.body_schema = self.body
            operation.content_types = self.content_types
            operation.body_required = self.body_required
        return operation


def unknown_operation() -> Operation:
    """Knows nothing, refuses nothing."""
    return Operation(lambda schema: validator(schema, Registry()), known=False)
