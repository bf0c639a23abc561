# SPDX-License-Identifier: Apache-2.0
"""Bugzilla 5: bugs by id or alias, quicksearch, see_also."""

from .module import Bugzilla

__all__ = ["Bugzilla"]
