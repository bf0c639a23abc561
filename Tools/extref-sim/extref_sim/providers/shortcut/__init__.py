# SPDX-License-Identifier: Apache-2.0
"""Shortcut: stories, workflow states, external links."""

from .module import Shortcut

__all__ = ["Shortcut"]
