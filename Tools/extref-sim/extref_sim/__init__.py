# SPDX-License-Identifier: Apache-2.0
"""extref-sim: a server that speaks the trackers' APIs and refuses what their contracts refuse."""
