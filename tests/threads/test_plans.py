"""What the page of a practice asks looks at no whole table of threads or practices, as SQLite's plans say."""

import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests.cast import Cast
from tests.threads.curating import recorded
from threads.queries.adoption import adoptions_visible_to
from threads.queries.reuse import threads_to_use_in
from threads.queries.uses import reuses_visible_to

_WHOLE = re.compile(r"SCAN (?!V0\b)(?!.*USING)")  # V0 is the spaces, of which there are few


@pytest.fixture
def on_sqlite(db: None) -> None:
    """Plans of PostgreSQL follow from how much there is."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's plans for a few rows say nothing of those for many")


def scans(rows: "QuerySet[Any]") -> list[str]:
    """The steps of its plan that look at a whole table."""
    return [step for step in rows.explain().splitlines() if _WHOLE.search(step)]


@pytest.mark.usefixtures("on_sqlite")
def test_a_practice_is_shown_without_looking_at_all_threads_and_practices(cast: Cast) -> None:
    practice = recorded(cast)
    for viewer in (cast.ada, cast.zoe, cast.cleo):
        assert not scans(threads_to_use_in(viewer, practice)[:5])
        assert not scans(adoptions_visible_to(viewer).filter(practice=practice))
        assert not scans(reuses_visible_to(viewer).filter(practice=practice))
        assert not scans(reuses_visible_to(viewer).filter(thread=practice.thread_id))
