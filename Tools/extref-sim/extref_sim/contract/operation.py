# SPDX-License-Identifier: Apache-2.0
"""One operation of a contract and the judgement of a request against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Iterable

from jsonschema import Draft202012Validator

from ..call import Call
from ..limits import PROBLEMS_SHOWN_MAX
from .parameters import Unreadable, decoded

Maker = Callable[[dict[str, Any]], Draft202012Validator]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a request. `kind` lets a provider choose the status its vendor would use."""

    kind: str
    """unknown_path, method, unknown_parameter, missing_parameter, invalid_parameter, content_type,
    malformed_body, missing_body, invalid_body"""
    name: str
    """The parameter, or the JSON path in the body (`fields.summary`)."""
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name} {self.message}".replace("  ", " ")


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    """query, path or header."""
    schema: dict[str, Any]
    required: bool = False
    style: str = "form"
    exploded: bool = True


@dataclass
class Operation:
    """Parameters, body and answers of one method on one path, ready to judge requests."""

    make: Maker
    parameters: list[Parameter] = field(default_factory=list)
    content_types: tuple[str, ...] = ()
    body_schema: dict[str, Any] | None = None
    body_schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    body_required: bool = False
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Status (or 'default') to schema."""
    security: list[dict[str, list[str]]] | None = None
    """The contract's alternatives: scheme to scopes; an empty one allows anonymous. None: it is silent."""
    nulls_answered: bool = False
    """The vendor answers null where its contract does not say so; our own answers may too."""
    undeclared: Callable[[dict[str, Any], Any], Iterable[str]] = lambda schema, value: ()
    """Names what an answer holds beyond its schema, where the contract is whole enough to ask."""
    known: bool = True
    """False when nothing is known of the request, and so nothing may be refused."""
    _validators: dict[int, Draft202012Validator] = field(default_factory=dict)

    def judge(
        self, call: Call, extra: dict[str, dict[str, Any]], commas: bool, brackets: bool
    ) -> list[Problem]:
        """Everything wrong with the request; fills `call.query`. `extra`: parameters beyond the contract."""
        problems = [*self._judge_query(call, extra, commas, brackets), *self._judge_path(call)]
        problems += self._judge_headers(call)
        problems += self._judge_body(call)
        return problems[:PROBLEMS_SHOWN_MAX]

    def judge_answer(self, status: int, value: Any) -> list[str]:
        """How our own answer differs from the published one: a check of the simulator itself."""
        schema = self.answers.get(str(status)) or self.answers.get(
            f"{status // 100}XX", self.answers.get("default")
        )
        if not schema or value is None:
            return []
        errors = (
            error
            for error in self._validator(schema).iter_errors(value)
            if not (self.nulls_answered and error.instance is None and error.validator == "type")
        )
        return [*map(_placed, errors), *self.undeclared(schema, value)][:PROBLEMS_SHOWN_MAX]

    def _judge_query(
        self, call: Call, extra: dict[str, dict[str, Any]], commas: bool, brackets: bool
    ) -> Iterable[Problem]:
        table = {row.name: row for row in self.parameters if row.place == "query"}
        table.update({name: Parameter(name, "query", schema) for name, schema in extra.items()})
        sent: dict[str, list[str]] = {}
        for name, text in call.query_items:
            sent.setdefault(name[:-2] if brackets and name.endswith("[]") else name, []).append(text)
        for name, texts in sent.items():
            row = table.get(name)
            if row is None and self.known:
                yield Problem("unknown_parameter", name, "is no parameter of this operation")
            elif row is None:
                call.query[name] = texts[-1]
            else:
                yield from self._judge_value(call, row, texts, commas or brackets)
        for row in table.values():
            if row.required and row.name not in sent:
                yield Problem("missing_parameter", row.name, "is required")

    def _judge_value(self, call: Call, row: Parameter, texts: list[str], commas: bool) -> Iterable[Problem]:
        try:
            value = decoded(texts, row.schema, row.style, row.exploded or commas, commas)
        except Unreadable as fault:
            yield Problem("invalid_parameter", row.name, str(fault))
            return
        call.query[row.name] = value
        for error in self._validator(row.schema).iter_errors(value):
            yield Problem("invalid_parameter", row.name, _short(error.message))

    def _judge_path(self, call: Call) -> Iterable[Problem]:
        for row in self.parameters:
            text = call.params.get(row.name)
            if row.place == "path" and text is not None:
                yield from self._judge_value(call, row, [text], False)
                call.query.pop(row.name, None)

    def _judge_headers(self, call: Call) -> Iterable[Problem]:
        for row in self.parameters:
            if row.place != "header" or row.name.lower() in ("accept", "authorization", "content-type"):
                continue
            text = call.headers.get(row.name)
            if text is None and row.required:
                yield Problem("missing_parameter", row.name, "header is required")

    def _judge_body(self, call: Call) -> Iterable[Problem]:
        if not self.known:
            return
        if not call.raw:
            if self.body_required:
                yield Problem("missing_body", "", "a body is required")
            return
        if not self.content_types:
            yield Problem("invalid_body", "", "this operation takes no body")
        elif not _accepted(call.media_type, self.content_types):
            wanted = ", ".join(self.content_types)
            yield Problem("content_type", call.media_type or "(none)", f"is not one of {wanted}")
        elif "json_error" in call.notes:
            yield Problem("malformed_body", "", call.notes["json_error"])
        else:
            yield from self._judge_body_value(call)

    def _judge_body_value(self, call: Call) -> Iterable[Problem]:
        schema = self.body_schemas.get(call.media_type, self.body_schema)
        if schema is None or call.media_type.startswith("multipart/"):
            return
        for error in sorted(
            self._validator(schema).iter_errors(call.body), key=lambda error: error.json_path
        ):
            yield Problem("invalid_body", _place(error), _short(error.message))

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        made = self._validators.get(id(schema))
        if made is None:
            made = self._validators[id(schema)] = self.make(schema)
        return made


def _accepted(sent: str, wanted: tuple[str, ...]) -> bool:
    return any(kind in ("*/*", sent) for kind in wanted)


def _place(error: Any) -> str:
    return ".".join(str(step) for step in error.absolute_path)


def _placed(error: Any) -> str:
    return f"{error.json_path}: {_short(error.message)}"


def _short(message: str, length: int = 200) -> str:
    return message if len(message) <= length else message[:length] + "…"
