"""The benchmark of what is found runs on real questions, and finds more of them than plain BM25 does."""

import subprocess
import sys

import pytest

from tests.benchmarks.retrieval.__main__ import DATA

QUESTIONS = DATA / "similar-questions"


@pytest.mark.skipif(not QUESTIONS.is_dir(), reason="the questions are not beside the project")
def test_sixty_real_questions() -> None:
    pytest.importorskip("rank_bm25", reason="rank-bm25, of the development tools, is not installed")
    options = ["--data", str(QUESTIONS), "--database", "sqlite", "--most", "60"]
    command = [sys.executable, "-m", "tests.benchmarks.retrieval", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "questions, sqlite: 60 questions, 1875 things that may be found" in done.stdout
