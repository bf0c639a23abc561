# SPDX-License-Identifier: Apache-2.0
"""Azure DevOps: work items, search, service hooks, Entra tokens."""

from .module import AzureDevOps

__all__ = ["AzureDevOps"]
