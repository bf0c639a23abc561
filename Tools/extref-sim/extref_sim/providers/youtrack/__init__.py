# SPDX-License-Identifier: Apache-2.0
"""YouTrack: nothing but ids unless `fields` asks; state and priority are custom fields with their own
names."""

from .module import YouTrack

__all__ = ["YouTrack"]
