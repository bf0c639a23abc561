# SPDX-License-Identifier: Apache-2.0
"""Jira Cloud (REST v3) and Jira Data Center (REST v2)."""

from . import cloud, datacenter  # noqa: F401 - importing registers them
