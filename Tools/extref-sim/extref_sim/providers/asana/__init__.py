# SPDX-License-Identifier: Apache-2.0
"""Asana: tasks in sections of projects, batches of ten, webhooks with a handshake."""

from .module import Asana

__all__ = ["Asana"]
