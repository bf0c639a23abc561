# SPDX-License-Identifier: Apache-2.0
"""`python3 -m extref_sim`."""

import sys

from .cli import main

sys.exit(main(sys.argv[1:]))
