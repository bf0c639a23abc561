# SPDX-License-Identifier: Apache-2.0
"""youtrack (in the making)."""
