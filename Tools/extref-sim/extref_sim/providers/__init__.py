# SPDX-License-Identifier: Apache-2.0
"""One module or folder a vendor; each registers itself."""
