# SPDX-License-Identifier: Apache-2.0
"""The simulator's clock: real time plus an offset, so that a test can let a token expire without sleeping."""

from datetime import datetime, timedelta, timezone


class Clock:
    """Wall time in UTC that control requests may push forward (`POST /_sim/clock`)."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self.offset

    def epoch(self) -> float:
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        self.offset += timedelta(seconds=seconds)

    def reset(self) -> None:
        self.offset = timedelta(0)
