# SPDX-License-Identifier: Apache-2.0
"""Shortcut: REST v3, judged by the vendor's Swagger document."""

from .module import Shortcut

__all__ = ["Shortcut"]
