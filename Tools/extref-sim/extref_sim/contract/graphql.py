# SPDX-License-Identifier: Apache-2.0
"""GraphQL by the reference implementation: parse, validate and execute against the vendor's SDL."""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    default_field_resolver,
    execute_sync,
    get_operation_ast,
    get_variable_values,
    parse,
    validate,
)

GRAPHQL_TOKENS_MAX = 20_000
GRAPHQL_TEXTS_KEPT = 200
Resolver = Callable[..., Any]


@dataclass
class GraphQLOutcome:
    """`stage` tells what went wrong first: request, parse, validate, variables, execute; or ok."""

    stage: str
    data: Any = None
    errors: tuple[GraphQLError, ...] = ()


class GraphQLContract:
    """A schema, shared by all worlds, and the resolvers of one of them. Values without a resolver are read
    from dict keys or attributes, and a dict's `__typename` decides unions and interfaces: so a resolver may
    return plain nested dicts."""

    def __init__(self, file_name: str, fallback_sdl: str = "") -> None:
        self.file_name = file_name
        self.fallback_sdl = fallback_sdl
        self.loaded = False
        self.schema: GraphQLSchema | None = None
        self._source: tuple[Path | None] | None = None
        self._resolvers: dict[str, Resolver] = {}
        self._texts: OrderedDict[str, Any] = OrderedDict()

    def load(self, folder: Path | None) -> None:
        """Takes the vendor's SDL, or the module's own small one when there is no folder or no file name (a
        vendor that publishes none). Again is free."""
        if self._source == (folder,):
            return
        self._source = (folder,)
        own = folder is None or not self.file_name
        text = self.fallback_sdl if own else (folder / self.file_name).read_text()
        if text:
            self.schema = build_schema(text)
            self._texts.clear()
        self.loaded = folder is not None or not self.file_name

    def attached(self, resolvers: dict[str, Resolver]) -> "GraphQLContract":
        """A contract of the same schema with `{"Query.issue": f, "Issue.state": g}`: `f(root, info, **named)`
        as graphql-core calls it. A name the schema lacks is our misspelling and raises, unless the small SDL
        is in use."""
        for place in resolvers if self.loaded and self.schema else ():
            type_name, field_name = place.split(".")
            if field_name not in getattr(self.schema.type_map.get(type_name), "fields", {}):
                raise LookupError(f"{self.file_name} has no {place}")
        made = copy.copy(self)
        made._resolvers = resolvers
        return made

    def _resolve(self, root: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        own = self._resolvers.get(f"{info.parent_type.name}.{info.field_name}")
        return own(root, info, **arguments) if own else default_field_resolver(root, info, **arguments)

    def scalar(self, name: str, check: Callable[[Any], Any]) -> None:
        """Makes a custom scalar strict: `check(value)` returns the value or raises ValueError."""
        kind = self.schema.type_map.get(name) if self.schema else None
        if isinstance(kind, GraphQLScalarType):
            kind.parse_value = check  # type: ignore[method-assign]

    def run(self, body: Any, context: Any = None) -> GraphQLOutcome:
        """One request body `{query, variables?, operationName?}` through all stages."""
        if self.schema is None:
            return _failed("request", "this endpoint has no schema to serve")
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            return _failed("request", "the body must be a JSON object with a query text")
        variables, name = body.get("variables"), body.get("operationName")
        if variables is not None and not isinstance(variables, dict):
            return _failed("request", "variables must be an object")
        return self._run(body["query"], variables or {}, name, context)

    def _judged(self, text: str) -> Any:
        """The document, or what is wrong with it. Large batches take long to judge, and clients ask the same
        text again and again with other variables: the last texts are kept, for all worlds together."""
        if text in self._texts:
            self._texts.move_to_end(text)
            return self._texts[text]
        made = self._texts[text] = self._judge(text)
        if len(self._texts) > GRAPHQL_TEXTS_KEPT:
            self._texts.popitem(last=False)
        return made

    def _judge(self, text: str) -> Any:
        try:
            document = parse(text, max_tokens=GRAPHQL_TOKENS_MAX, allow_empty_selection_sets=False)
        except GraphQLError as error:
            return GraphQLOutcome("parse", errors=(error,))
        errors = validate(self.schema, document)
        return GraphQLOutcome("validate", errors=tuple(errors)) if errors else document

    def _run(self, text: str, variables: dict[str, Any], name: str | None, context: Any) -> GraphQLOutcome:
        judged = self._judged(text)
        if isinstance(judged, GraphQLOutcome):
            return judged
        document = judged
        operation = get_operation_ast(document, name)
        if operation is None:
            return _failed("request", "name one of the operations in operationName")
        problems = self._variable_problems(operation, variables)
        if problems:
            return GraphQLOutcome("variables", errors=tuple(problems))
        result = execute_sync(
            self.schema,
            document,
            context_value=context,
            variable_values=variables,
            operation_name=name,
            field_resolver=self._resolve,
        )
        return GraphQLOutcome("execute" if result.errors else "ok", result.data, tuple(result.errors or ()))

    def _variable_problems(self, operation: Any, variables: dict[str, Any]) -> list[GraphQLError]:
        unknown = set(variables) - {row.variable.name.value for row in operation.variable_definitions or ()}
        if unknown:
            return [
                GraphQLError(f"Variable ${name} is not used by the operation.") for name in sorted(unknown)
            ]
        values = get_variable_values(self.schema, operation.variable_definitions or (), variables)
        return list(values) if isinstance(values, list) else []


def _failed(stage: str, message: str) -> GraphQLOutcome:
    return GraphQLOutcome(stage, errors=(GraphQLError(message),))
