# SPDX-License-Identifier: Apache-2.0
"""Routes: (method, path template, handler, contract operation), matched on the raw path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Callable
from urllib.parse import unquote

from .contract import Operation
from .contract.tables import RequestTable

REQUIRED, OPTIONAL, NONE = "required", "optional", "none"


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Every world has routes of its own, but the patterns are the same."""
    return re.compile(pattern)


@dataclass
class Route:
    """One thing a provider answers."""

    method: str
    template: str
    """The path below the server: `/jira/rest/api/3/issue/{issueIdOrKey}`. `{name}` is one raw segment."""
    handler: Callable[..., Any]
    operation: str | None = None
    """The contract's path of this operation; its method is `method`."""
    table: RequestTable | None = None
    """Our own request table: used when there is no operation or no contracts folder."""
    auth: str = REQUIRED
    """required, optional (anonymous may ask), none (credentials are not looked at)."""
    scopes: tuple[str, ...] = ()
    """What the credential must hold one of; empty asks for nothing. The provider's authenticate reads it."""
    secret_body: bool = False
    """The body holds credentials: the journal withholds it."""
    judged: Operation | None = None
    """Set when the provider is opened."""
    pattern: re.Pattern[str] = field(init=False)
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = re.findall(r"\{([^}]+)\}", self.template)
        pieces = re.split(r"\{[^}]+\}", self.template)
        self.pattern = _compiled("([^/]+?)".join(re.escape(piece) for piece in pieces) + "/?$")

    @property
    def literal_length(self) -> int:
        return len(re.sub(r"\{[^}]+\}", "", self.template))


class Router:
    """The routes of one provider. A literal beats a placeholder: `/issue/picker` before `/issue/{id}`."""

    def __init__(self, routes: list[Route]) -> None:
        self.routes = sorted(routes, key=lambda route: (len(route.names), -route.literal_length))

    def match(self, method: str, raw_path: str) -> tuple[Route | None, dict[str, str], list[str]]:
        """(route, path parameters, methods the path has): no route but methods means 405."""
        methods: list[str] = []
        clean = re.sub(r"%24", "$", raw_path)
        for route in self.routes:
            found = route.pattern.match(clean)
            if found is None:
                continue
            if route.method == method:
                return route, dict(zip(route.names, map(unquote, found.groups()))), methods
            methods.append(route.method)
        return None, {}, methods
