"""A site with the sentence model: it answers, and pages do too while its process is stopped or killed."""

import http.client
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tests.live import LiveSite
from tests.operations.trees import tree
from tests.processes import command, until
from tests.services.processes import PATIENCE_SECONDS
from tests.threads.meaning import needs_model

pytestmark = needs_model

SEED = "tests.operations.test_model_process:two_problems"
QUESTION, SAME, WORDS = "How do I reset my password?", "I forgot my login secret and want a new one", "The cat sat"


def two_problems() -> None:
    """The cast, a problem in other words, and one about something else."""
    from tests.cast import make_cast
    from tests.threads.findings import post

    cast = make_cast()
    post(cast, SAME, "Please help.")
    post(cast, WORDS, "It sleeps.")


def similar(site: LiveSite, token: str, text: str) -> list[str]:
    """The titles of what is like a text."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_SECONDS)
    try:
        headers = {"Authorization": f"Bearer {token}"}
        connection.request("GET", f"/api/v1/similar?text={quote(text)}", headers=headers)
        answer = connection.getresponse()
        assert answer.status == http.client.OK
        return [item["title"] for item in json.load(answer)["items"]]
    finally:
        connection.close()


def models(site: LiveSite) -> set[int]:
    """The process of the model."""
    return {pid for pid in tree(site) if command(pid)[-2:-1] == [b"model"]}


def test_it_answers_and_nobody_waits_for_it_in_vain(start_site: Callable[..., LiveSite]) -> None:
    site = start_site(seed=SEED, settings={"SEMANTIC": "on"})
    token = site.manage("create_token", "ben").strip()
    until(lambda: similar(site, token, QUESTION) == [SAME])
    (pid,) = models(site)
    assert (Path(site.data_dir) / "model" / "socket").stat().st_mode & 0o777 == 0o600

    os.kill(pid, signal.SIGSTOP)
    assert similar(site, token, QUESTION) == [], "by words alone"
    assert similar(site, token, WORDS) == [WORDS]
    os.kill(pid, signal.SIGKILL)
    assert similar(site, token, WORDS) == [WORDS]
    until(lambda: similar(site, token, QUESTION) == [SAME])
    assert models(site) not in ({pid}, set())
    assert site.stop() == 0
    assert "Traceback" not in site.log.read_text()
