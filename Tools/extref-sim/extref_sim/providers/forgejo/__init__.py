# SPDX-License-Identifier: Apache-2.0
"""Forgejo (and Gitea): issues, label ids, hooks."""

from .module import Forgejo

__all__ = ["Forgejo"]
