# SPDX-License-Identifier: Apache-2.0
"""GitLab: REST v4, the GraphQL queries that batches need, OAuth with rotation, both kinds of webhook
proof."""

from .module import GitLab

__all__ = ["GitLab"]
