# SPDX-License-Identifier: Apache-2.0
"""A rate-limit budget: the numbers that vendors put on normal answers."""

from __future__ import annotations

from .clock import Clock


class Budget:
    """A fixed window. It only counts, unless a test sets `enforced` by `POST /_sim/{provider}/budget`."""

    def __init__(self, clock: Clock, limit: int, window_seconds: int) -> None:
        self.clock = clock
        self.limit = limit
        self.window_seconds = window_seconds
        self.enforced = False
        self._used = 0
        self._opened = clock.epoch()

    def spend(self, cost: int = 1) -> bool:
        """Counts a request; False when it is over the limit and limits are enforced."""
        self._roll()
        self._used += cost
        return not (self.enforced and self._used > self.limit)

    def set_remaining(self, remaining: int) -> None:
        self._used = self.limit - remaining

    @property
    def used(self) -> int:
        return self._used

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self._used)

    @property
    def reset_epoch(self) -> int:
        """When the window ends, in epoch seconds."""
        return int(self._opened + self.window_seconds)

    @property
    def reset_seconds(self) -> int:
        """Seconds until the window ends, at least 1."""
        return max(1, self.reset_epoch - int(self.clock.epoch()))

    def _roll(self) -> None:
        if self.clock.epoch() >= self._opened + self.window_seconds:
            self._opened, self._used = self.clock.epoch(), 0
