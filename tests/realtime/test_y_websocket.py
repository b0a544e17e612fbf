"""The unmodified y-websocket from npm connects by token and edits, merges and is refused; it complains of nothing."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.realtime.servers import Server
from tests.realtime.writers import columns

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm not found"),
]
FOLDER = Path(__file__).parent.parent / "record" / "npm"
PATIENCE_SECONDS = 90
Play = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def packages(request: pytest.FixtureRequest) -> None:
    """The packages that the lock names, fetched once for a checkout."""
    if (FOLDER / "node_modules" / "y-websocket").exists():
        return
    command = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
    fetched = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    if fetched.returncode:
        assert not request.config.option.all, fetched.stderr
        pytest.skip("y-websocket could not be fetched from npm")


@pytest.fixture
def play(server: Server, cast: "Cast", thread: "Thread", token_of: Callable[[str], str]) -> Play:
    """Plays a scene of `plays.mjs` at the thread; gives what was seen."""

    def run(scene: str, complaint: str = "") -> dict[str, Any]:
        tokens = json.dumps({handle: token_of(handle) for handle in ("ada", "ben", "zoe", "finn")})
        done = subprocess.run(
            ["node", "plays.mjs", scene, f"ws://{server.host}", str(thread.pk), tokens],
            cwd=FOLDER, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr.strip().endswith(complaint) if complaint else not done.stderr, done.stderr
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen

    return run


def test_two_write_at_once(play: Play, thread: "Thread") -> None:
    seen = play("together")
    assert seen["problem"].startswith("Oh ")
    assert {name: text for name, text in columns(thread).items() if text} == seen


def test_names_are_the_servers_and_places_the_clients(play: Play) -> None:
    assert play("names") == {"name": "Ada Lindqvist", "index": 2, "own": True}


def test_what_was_written_off_line_merges(play: Play, thread: "Thread") -> None:
    assert play("offline") == {"problem": columns(thread)["problem"]}


def test_an_update_without_what_came_before_it_is_completed(play: Play, thread: "Thread") -> None:
    seen = play("sideways")
    assert seen == {"problem": columns(thread)["problem"], "closes": []}
    assert seen["problem"] == "SID@#E abc"


def test_who_may_only_read_is_refused_and_stays_away(play: Play, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record
    from threads.models import Thread

    save_record(by=cast.ada, thread=thread, fields={"problem": "As it was."})
    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.CLOSED)
    seen = play("reader", complaint="may_not_write_record")
    assert seen == {"read": "As it was.", "over": 4405, "again": False, "others": "As it was."}
    assert columns(thread)["problem"] == "As it was."


def test_anything_but_text_in_the_four_fields_is_refused(play: Play, thread: "Thread") -> None:
    seen = play("foreign")
    assert seen["over"] == {name: [4400, False] for name in ("root", "text", "embed", "format")}
    assert set(seen["roots"]) <= {"problem", "environment", "cause", "resolution"}
    assert columns(thread)["problem"] == "abc"


def test_who_may_not_see_it_gets_nothing(play: Play) -> None:
    assert play("stranger") == {"over": 4404, "synced": False}
