# SPDX-License-Identifier: Apache-2.0
"""A small JQL: enough of the grammar for searches that adapters write, and Jira's refusals for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .jql_tokens import DATE_FIELDS, FIELDS, RESERVED_WORDS, TEXT_FIELDS, JqlError, tokens

ORDER_FIELDS_MAX = 7


@dataclass
class Clause:
    field: str
    operator: str
    values: list[Any]
    """Strings, or Function."""


@dataclass
class Function:
    name: str


@dataclass
class Group:
    word: str
    """and, or, not."""
    parts: list[Any]


@dataclass
class Query:
    where: Any = None
    """Clause, Group or None."""
    order: list[tuple[str, bool]] = field(default_factory=list)
    """(field, whether descending)."""


def parse(text: str) -> Query:
    return _Parser(tokens(text)).query()


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0

    def query(self) -> Query:
        made = Query()
        if self.tokens and not self._word("order"):
            made.where = self._either()
        if self._take_word("order"):
            if not self._take_word("by"):
                raise JqlError("Error in the JQL Query: Expecting 'by' after 'order'.")
            made.order = self._order()
        if self.place < len(self.tokens):
            token = self.tokens[self.place][1]
            raise JqlError(f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{token}'.")
        return made

    def _order(self) -> list[tuple[str, bool]]:
        rows = []
        while True:
            name = self._field()
            descending = self._take_word("desc")
            if not descending:
                self._take_word("asc")
            rows.append((name, descending))
            if not self._take_mark(","):
                break
        if len(rows) > ORDER_FIELDS_MAX:
            raise JqlError(f"The query orders by {len(rows)} fields; the maximum is {ORDER_FIELDS_MAX}.")
        return rows

    def _either(self) -> Any:
        parts = [self._all()]
        while self._take_word("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Group("or", parts)

    def _all(self) -> Any:
        parts = [self._one()]
        while self._take_word("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Group("and", parts)

    def _one(self) -> Any:
        if self._take_word("not"):
            return Group("not", [self._one()])
        if self._take_mark("("):
            inner = self._either()
            self._need_mark(")")
            return inner
        name = self._field()
        operator = self._operator(name)
        values = self._values() if operator in ("in", "not in") else [self._value()]
        return Clause(name, operator, values)

    def _field(self) -> str:
        kind, text = self._next("a field name")
        name = FIELDS.get(text.lower())
        if kind == "word" and text.lower() in RESERVED_WORDS:
            raise JqlError(
                f"Error in the JQL Query: '{text}' is a reserved JQL word. You must surround it in "
                "quotation marks to use it in a query."
            )
        if kind not in ("word", "string") or name is None:
            raise JqlError(f"Field '{text}' does not exist or you do not have permission to view it.")
        return name

    def _operator(self, name: str) -> str:
        kind, text = self._next("an operator")
        if kind == "word" and text.lower() in ("in", "not", "is"):
            text = self._worded(text.lower())
        elif kind != "op":
            raise JqlError(
                f"Error in the JQL Query: Expecting operator but got '{text}'. The valid operators are "
                "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
            )
        ranged = text in ("<", ">", "<=", ">=")
        if (
            text in ("~", "!~")
            and name not in TEXT_FIELDS
            or ranged
            and name not in (*DATE_FIELDS, "key", "id", "priority")
            or name in ("text",)
            and text not in ("~",)
        ):
            raise JqlError(f"The operator '{text}' is not supported by the '{name}' field.")
        if name in TEXT_FIELDS and text in ("=", "!=", "in", "not in"):
            raise JqlError(f"The operator '{text}' is not supported by the '{name}' field.")
        return text

    def _worded(self, word: str) -> str:
        if word == "is":
            return "is not" if self._take_word("not") else "is"
        if word == "not" and not self._take_word("in"):
            raise JqlError("Error in the JQL Query: Expecting 'in' after 'not'.")
        return "in" if word == "in" else "not in"

    def _values(self) -> list[Any]:
        self._need_mark("(")
        rows = [self._value()]
        while self._take_mark(","):
            rows.append(self._value())
        self._need_mark(")")
        return rows

    def _value(self) -> Any:
        kind, text = self._next("a value")
        if kind == "string":
            return text
        if kind != "word":
            raise JqlError(
                f"Error in the JQL Query: Expecting either a value, list or function but got '{text}'."
            )
        if self._take_mark("("):
            self._need_mark(")")
            return Function(text.lower())
        if text.lower() in ("empty", "null"):
            return Function("empty")
        if text.lower() in RESERVED_WORDS:
            raise JqlError(
                f"Error in the JQL Query: '{text}' is a reserved JQL word. You must surround it in "
                "quotation marks to use it in a query."
            )
        return text

    def _next(self, wanted: str) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise JqlError(f"Error in the JQL Query: Expecting {wanted} before the end of the query.")
        self.place += 1
        return self.tokens[self.place - 1]

    def _word(self, word: str) -> bool:
        return (
            self.place < len(self.tokens)
            and self.tokens[self.place][0] == "word"
            and self.tokens[self.place][1].lower() == word
        )

    def _take_word(self, word: str) -> bool:
        taken = self._word(word)
        self.place += taken
        return taken

    def _take_mark(self, mark: str) -> bool:
        taken = self.place < len(self.tokens) and self.tokens[self.place] == ("mark", mark)
        self.place += taken
        return taken

    def _need_mark(self, mark: str) -> None:
        if not self._take_mark(mark):
            got = self.tokens[self.place][1] if self.place < len(self.tokens) else "the end of the query"
            raise JqlError(f"Error in the JQL Query: Expecting '{mark}' but got '{got}'.")
