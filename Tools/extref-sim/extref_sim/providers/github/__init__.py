# SPDX-License-Identifier: Apache-2.0
"""GitHub: REST with the versions 2022-11-28 and 2026-03-10, GraphQL, Apps, webhooks."""

from .module import GitHub

__all__ = ["GitHub"]
