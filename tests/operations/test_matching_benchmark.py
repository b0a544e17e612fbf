"""The benchmark of the matcher runs on a real dump, and the matcher is not worse there than the plain list."""

import subprocess
import sys

import pytest

from tests.benchmarks.matching.__main__ import DUMPS


@pytest.mark.skipif(not DUMPS.is_dir(), reason="the dumps are not beside the project")
def test_the_newest_questions_of_a_real_site() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.matching", "--dump", str(DUMPS / "iot"), "--most", "40"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "iot: 40 solved by another" in done.stdout
