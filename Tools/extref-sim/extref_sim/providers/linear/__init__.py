# SPDX-License-Identifier: Apache-2.0
"""Linear: one GraphQL endpoint, judged and executed by the reference implementation of GraphQL."""

from .module import Linear

__all__ = ["Linear"]
