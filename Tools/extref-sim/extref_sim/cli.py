# SPDX-License-Identifier: Apache-2.0
"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from .server import Server
from .simulator import Simulator

DEFAULT_CONTRACTS = Path(__file__).resolve().parents[3].parent / "shared" / "contracts"
EPILOG = """\
Start it on a free port and read the port from its one line of output:

  extref-sim --listen 127.0.0.1:0
  extref-sim listening on http://127.0.0.1:41234

A source's base URL is that address and the provider's prefix: http://127.0.0.1:41234/jira,
/github, /gitlab, /ado/fabrikam, /linear, … Tokens are obvious fakes: alice@example.net with
jira-good-token, jira-expired-token, … (README). Requests that the vendors' published contracts
refuse are refused, and the journal says why:

  curl -s $SIM/_sim/journal?violations=1                     what was asked, and what was wrong with it
  curl -s $SIM/_sim/counts                                   how often, by route
  curl -s -XPOST $SIM/_sim/jira/issues -H content-type:application/json -d '{"project":"TES","count":500}'
  curl -s -XPATCH $SIM/_sim/jira/issues/TES-1 -H content-type:application/json -d '{"status":"Done"}'
  curl -s -XPOST $SIM/_sim/faults -H content-type:application/json \\
       -d '{"provider":"jira","kind":"drop_after","method":"POST","count":1}'
  curl -s $SIM/_sim                                          all control requests
"""


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "extref-sim",
        description="Speaks the issue trackers' APIs over HTTP, strictly, for tests.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--listen",
        default="127.0.0.1:0",
        metavar="HOST:PORT",
        help="address to serve; port 0 takes a free one (default %(default)s)",
    )
    parser.add_argument(
        "--contracts",
        type=Path,
        default=DEFAULT_CONTRACTS,
        metavar="DIR",
        help="folder of the vendors' contracts (default ../shared/contracts beside the repository)",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the world and of random faults")
    parser.add_argument(
        "--check-answers",
        action="store_true",
        help="also judge our own answers; the journal shows answer_violation",
    )
    return parser.parse_args(words)


async def serve(options: argparse.Namespace) -> int:
    host, _, port = options.listen.rpartition(":")
    number = int(port)
    contracts = options.contracts if options.contracts.is_dir() else None
    if contracts is None:
        print(f"extref-sim: no contracts at {options.contracts}: contract validation is off", file=sys.stderr)
    server = Server(Simulator(contracts, options.seed, options.check_answers))
    await server.start(host.strip("[]") or "127.0.0.1", number)
    ended = asyncio.Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sent, ended.set)
    print(f"extref-sim listening on {server.sim.origin}", flush=True)
    await ended.wait()
    await server.stop()
    return 0


def main(words: list[str]) -> int:
    options = arguments(words)
    try:
        return asyncio.run(serve(options))
    except (OSError, ValueError) as fault:
        print(f"extref-sim: {fault}", file=sys.stderr)
        return 1
