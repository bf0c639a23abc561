# SPDX-License-Identifier: Apache-2.0
"""Turns the schema dialects of Swagger 2 and OpenAPI 3.0 into JSON Schema 2020-12."""

from __future__ import annotations

import ast
import re
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FORMATS = FormatChecker(formats=["date", "uuid"])


@FORMATS.checks("date-time")
def is_date_time(value: object) -> bool:
    """RFC 3339 with an offset; vendors' own looser dialects appear in answers, never in requests."""
    if not isinstance(value, str):
        return True
    if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$", value):
        return False
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", value))
    except ValueError:
        return False
    return True


@FORMATS.checks("int32")
def is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@FORMATS.checks("int64")
def is_int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def normalised(node: Any, uri: str, for_request: bool = False) -> Any:
    """A copy with absolute references and with `nullable` said in JSON Schema's words."""
    if isinstance(node, list):
        return [normalised(item, uri, for_request) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: normalised(value, uri, for_request) for key, value in node.items()}
    reference = copy.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        copy["$ref"] = uri + reference
    return _said_nullable(_without_read_only(copy) if for_request else copy)


def _said_nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("nullable") is not True and schema.get("x-nullable") is not True:
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("nullable", "x-nullable")}
    return {"anyOf": [rest, {"type": "null"}]}


def _without_read_only(schema: dict[str, Any]) -> dict[str, Any]:
    """A property that only the server writes cannot be required from the client."""
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return schema
    written = [name for name in required if not _read_only(properties.get(name))]
    return {**schema, "required": written}


def _read_only(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("readOnly") is True


def python_typed(text: str) -> tuple[dict[str, Any], bool]:
    """(schema, whether it is required) of a parameter whose contract was taken from a typed Python client:
    `Missing[Literal['open', 'closed']]`, `Missing[_dt.datetime]`, `str`."""
    inner = re.fullmatch(r"Missing\[(.*)\]", text)
    kind = inner[1] if inner else text
    words = re.fullmatch(r"Literal\[(.*)\]", kind)
    if words:
        return {"type": "string", "enum": list(ast.literal_eval(f"({words[1]},)"))}, inner is None
    known = {
        "int": {"type": "integer"},
        "bool": {"type": "boolean"},
        "float": {"type": "number"},
        "_dt.datetime": {"type": "string", "format": "date-time"},
    }
    return known.get(kind, {"type": "string"}), inner is None


def registry_of(document: dict[str, Any], uri: str) -> Registry:
    return Registry().with_resource(uri, Resource.from_contents(document, default_specification=DRAFT202012))


def validator(schema: dict[str, Any], registry: Registry, formats: bool = True) -> Draft202012Validator:
    return Draft202012Validator(schema, registry=registry, format_checker=FORMATS if formats else None)


def closed(schema: dict[str, Any], registry: Registry) -> dict[str, Any]:
    """The schema with unknown top-level properties refused, unless the vendor says that more are allowed."""
    target = schema
    if set(schema) == {"$ref"}:
        target = registry.resolver().lookup(schema["$ref"]).contents
    compound = any(word in target for word in ("allOf", "anyOf", "oneOf", "additionalProperties"))
    if compound or not isinstance(target.get("properties"), dict):
        return schema
    return {**target, "additionalProperties": False}
