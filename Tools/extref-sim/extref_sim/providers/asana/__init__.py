# SPDX-License-Identifier: Apache-2.0
"""asana (in the making)."""
