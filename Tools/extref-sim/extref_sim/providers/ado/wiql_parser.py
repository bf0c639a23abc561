# SPDX-License-Identifier: Apache-2.0
"""A parser for the flat part of WIQL: SELECT … FROM WorkItems WHERE … ORDER BY …"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Callable

_TOKEN = re.compile(
    r"\s*(?:(?P<field>\[[^\]]+\])|(?P<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<sign><>|<=|>=|[=<>(),])|(?P<word>@?[A-Za-z_][\w.]*))"
)
_WORD_OPERATORS = ("contains words", "contains", "under", "in")


class WiqlFault(Exception):
    """A statement that is not WIQL; `near` is the text that stopped the parser."""

    def __init__(self, message: str, near: str) -> None:
        super().__init__(message)
        self.near = near


@dataclass
class Condition:
    field: str
    operator: str
    values: list[Any]

    def holds(self, test: Callable[["Condition"], bool]) -> bool:
        return test(self)

    def conditions(self) -> list["Condition"]:
        return [self]


@dataclass
class Group:
    word: str
    """and, or, not"""
    parts: list[Any]

    def holds(self, test: Callable[[Condition], bool]) -> bool:
        if self.word == "not":
            return not self.parts[0].holds(test)
        return (all if self.word == "and" else any)(part.holds(test) for part in self.parts)

    def conditions(self) -> list[Condition]:
        return [row for part in self.parts for row in part.conditions()]


@dataclass
class Query:
    columns: list[str]
    where: Any = None
    order: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def fields(self) -> list[str]:
        return [row.field for row in self.where.conditions()] if self.where else []

    def uses(self, macro: str) -> bool:
        rows = self.where.conditions() if self.where else []
        return any(macro in row.values for row in rows)


def parse(text: str) -> Query:
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise WiqlFault("TF51006: The query statement is not valid.", text[at : at + 20])
            self.tokens.append((str(found.lastgroup), found[found.lastgroup or 0]))
            at = found.end()
        self.at = 0

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self.at += 1
        return token

    def _word(self, *words: str) -> bool:
        kind, text = self._peek()
        if kind in ("word", "sign") and text.lower() in words:
            self.at += 1
            return True
        return False

    def _expect(self, word: str, message: str) -> None:
        if not self._word(word):
            raise WiqlFault(message, self._peek()[1])

    def query(self) -> Query:
        self._expect("select", "TF51005: The query statement must begin with SELECT.")
        columns = [self._field()]
        while self._word(","):
            columns.append(self._field())
        self._expect("from", "TF51006: The query statement is missing a FROM clause.")
        self._expect("workitems", "TF51009: The query asks for an unknown set of work items.")
        made = Query(columns)
        if self._word("where"):
            made.where = self._either()
        if self._word("order"):
            self._expect("by", "TF51006: ORDER must be followed by BY.")
            made.order = self._order()
        if self._peek()[0] != "end":
            raise WiqlFault("TF51006: There is something behind the end of the statement.", self._peek()[1])
        return made

    def _order(self) -> list[tuple[str, bool]]:
        rows = []
        while True:
            name = self._field()
            down = self._word("desc")
            if not down:
                self._word("asc")
            rows.append((name, down))
            if not self._word(","):
                return rows

    def _field(self) -> str:
        kind, text = self._take()
        if kind not in ("field", "word"):
            raise WiqlFault("TF51006: A field name is expected.", text)
        return text.strip("[]").strip()

    def _either(self) -> Any:
        parts = [self._both()]
        while self._word("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Group("or", parts)

    def _both(self) -> Any:
        parts = [self._one()]
        while self._word("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Group("and", parts)

    def _one(self) -> Any:
        if self._word("not"):
            return Group("not", [self._one()])
        if self._word("("):
            inner = self._either()
            self._expect(")", "TF51006: A closing parenthesis is missing.")
            return inner
        name = self._field()
        operator = self._operator()
        if not operator.endswith("in"):
            return Condition(name, operator, [self._value()])
        self._expect("(", "TF51006: IN needs a list in parentheses.")
        values = [self._value()]
        while self._word(","):
            values.append(self._value())
        self._expect(")", "TF51006: A closing parenthesis is missing.")
        return Condition(name, operator, values)

    def _operator(self) -> str:
        kind, text = self._peek()
        if kind == "sign" and text in ("=", "<>", "<", ">", "<=", ">="):
            self.at += 1
            return text
        negated = "not " if self._word("not") else ""
        for operator in _WORD_OPERATORS:
            start = self.at
            if all(self._word(word) for word in operator.split()):
                return negated + operator
            self.at = start
        raise WiqlFault("TF51008: Operator is not known.", self._peek()[1])

    def _value(self) -> Any:
        kind, text = self._take()
        if kind == "text":
            return text[1:-1].replace(text[0] * 2, text[0])
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "word" and text.startswith("@"):
            return text.lower()
        if kind == "word" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise WiqlFault("TF51006: A value is expected; texts stand in single quotes.", text)
