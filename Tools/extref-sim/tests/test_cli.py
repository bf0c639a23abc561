# SPDX-License-Identifier: Apache-2.0
"""The program: one line when ready, a clean end, plain words when contracts are missing."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[1]


def running(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "extref_sim", *words]
    return subprocess.Popen(command, cwd=TOOL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_prints_one_line_and_ends_cleanly(sent, tmp_path):
    program = running("--listen", "127.0.0.1:0", "--contracts", str(tmp_path / "none"))
    line = program.stdout.readline()
    found = re.fullmatch(r"extref-sim listening on (http://127\.0\.0\.1:\d+)\n", line)
    assert found
    with urllib.request.urlopen(found.group(1) + "/_sim", timeout=5) as answer:
        assert b'"contracts":false' in answer.read()
    program.send_signal(sent)
    out, err = program.communicate(timeout=10)
    assert (program.returncode, out) == (0, "")
    assert "contract validation is off" in err
    assert "Traceback" not in err


def test_help_teaches():
    program = running("--help")
    out, _ = program.communicate(timeout=10)
    assert program.returncode == 0
    assert all(word in out for word in ("--listen", "--contracts", "/_sim/journal", "/_sim/faults"))


def test_a_bad_address_is_said_in_one_line():
    program = running("--listen", "127.0.0.1:nope")
    _, err = program.communicate(timeout=10)
    assert program.returncode == 1
    assert "Traceback" not in err
