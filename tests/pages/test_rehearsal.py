"""What a process makes before its first page, and that nobody is shown anything by it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.template import Template, engines
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.queries import marks, sessions
from community.queries.prepared import Prepared
from tests.cast import Cast, make_cast
from tests.pages.stories import signed_in
from tests.pages.test_shared import forget
from threads.actions.threads import open_thread
from threads.queries import thread_facts, thread_page, thread_part, windows
from threads.views import rehearsal
from threads.views.rehearsal import rehearse

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

SECRET = "Badge of the chief"


def nothing_made() -> None:
    """As in a process that has just begun."""
    forget()
    marks._seen.clear()
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]
        loader.reset()
    for module in (thread_facts, thread_page, thread_part, windows, sessions):
        for each in vars(module).values():
            if isinstance(each, Prepared):
                each._plans.clear()
    windows._from.cache_clear()


@pytest.fixture(autouse=True)
def _begun() -> Iterator[None]:
    nothing_made()
    yield
    nothing_made()


@pytest.fixture
def cast() -> Cast:
    """Committed, as on a site."""
    return make_cast()


@pytest.fixture
def page(cast: Cast) -> Callable[[Client], str]:
    """The page of the newest thread, which is for Ada's organization alone."""
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title=SECRET, body="x", audience="organization")
    return lambda client: client.get(thread.get_absolute_url()).content.decode()


def test_after_it_a_page_that_nobody_has_read_finds_all_made(cast: Cast) -> None:
    first, second = (open_thread(by=cast.ada, space=cast.spaces["lobby"], title=name, body="x") for name in "AB")
    rehearse(0)
    ada = signed_in(cast.ada)
    compiled, planned = Template.compile_nodelist, Prepared._planned
    with ExitStack() as stack:
        templates = stack.enter_context(patch.object(Template, "compile_nodelist", autospec=True, side_effect=compiled))
        plans = stack.enter_context(patch.object(Prepared, "_planned", autospec=True, side_effect=planned))
        for thread in (first, second, first):
            assert ada.get(thread.get_absolute_url()).status_code == 200
    assert not templates.call_args_list
    assert [call.args[0] for call in plans.call_args_list] == [sessions._member_and_session][: plans.call_count]


def test_it_only_reads(cast: Cast, page: Callable[[Client], str]) -> None:
    with CaptureQueriesContext(connection) as asked:
        rehearse(0)
    assert len(asked) > 3
    assert all(query["sql"].lstrip("( ").upper().startswith("SELECT") for query in asked.captured_queries)


def test_nobody_is_shown_what_was_rehearsed_with(cast: Cast, page: Callable[[Client], str]) -> None:
    rehearse(0)
    for _again in range(2):
        assert SECRET not in page(signed_in(cast.zoe))
        olga = page(signed_in(cast.olga))
        assert SECRET in olga
        assert f'data-member="{cast.olga.pk}"' in olga
        assert f'data-member="{cast.ada.pk}"' not in olga


def test_a_site_without_so_many_threads_or_without_a_database_has_its_templates(cast: Cast) -> None:
    rehearse(7)
    with patch.object(rehearsal, "newest", side_effect=OperationalError):
        rehearse(0)
    with patch.object(Template, "compile_nodelist", side_effect=AssertionError):
        engines["django"].get_template("threads/thread.html")
