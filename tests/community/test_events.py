"""The event log: what is told is numbered without gaps, kept with what was written, and forgotten with what was not."""

from collections.abc import Sequence
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from community.errors import Conflict
from community.events import StreamKey, action, emit, emit_change, member_stream, streams, thread_stream
from community.events import log as event_log
from community.events.reading import event_data, missed, newest_number, newest_numbers
from community.facts.inbox import INBOX_READ
from community.models import Event, Member, Stream
from community.rules import statements
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@action
def tell(*, by: Member, unread: int, fail: bool = False) -> None:
    emit(member_stream(by.pk), INBOX_READ, actor=by, data={"subjects": [], "unread": unread})
    if fail:
        raise Conflict("on_purpose")


def numbers(key: StreamKey) -> list[int]:
    return [event.seq for event in missed(key, 0).events]


class TestTelling:
    def test_events_are_numbered_from_one(self, cast: Cast) -> None:
        for unread in (3, 2, 1):
            tell(by=cast.ada, unread=unread)
        found = missed(member_stream(cast.ada.pk), 0)
        assert [(event.seq, event.data["unread"]) for event in found.events] == [(1, 3), (2, 2), (3, 1)]
        assert (found.seq, found.reset) == (3, False)

    def test_outside_an_action_nothing_can_be_told(self, cast: Cast) -> None:
        with pytest.raises(RuntimeError, match="outside an action"):
            emit(member_stream(cast.ada.pk), INBOX_READ, actor=None, data={"subjects": [], "unread": 0})
        with pytest.raises(RuntimeError, match="outside an action"):
            emit_change("space:lobby")

    def test_a_declared_field_that_is_missing_is_an_error_and_nothing_is_kept(self, cast: Cast) -> None:
        @action
        def forgetful() -> None:
            emit(member_stream(cast.ada.pk), INBOX_READ, actor=None, data={"unread": 1})

        with pytest.raises(ValueError, match="subjects"):
            forgetful()
        assert not Event.objects.exists()

    def test_a_failed_action_leaves_no_event_and_no_gap(self, cast: Cast) -> None:
        tell(by=cast.ada, unread=2)
        with pytest.raises(Conflict):
            tell(by=cast.ada, unread=1, fail=True)
        tell(by=cast.ada, unread=0)
        assert numbers(member_stream(cast.ada.pk)) == [1, 2]

    def test_an_inner_action_that_fails_is_forgotten_while_the_outer_one_goes_on(self, cast: Cast) -> None:
        @action
        def outer() -> None:
            tell(by=cast.ada, unread=5)
            with pytest.raises(Conflict):
                tell(by=cast.ben, unread=5, fail=True)
            tell(by=cast.ada, unread=4)

        outer()
        assert numbers(member_stream(cast.ada.pk)) == [1, 2]
        assert newest_number(member_stream(cast.ben.pk)) == 0

    def test_streams_are_locked_threads_first_then_members_each_by_id(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[StreamKey] = []

        def table(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
            asked.extend(StreamKey(*row[:3]) for row in rows)
            return statements.table(types, rows)

        monkeypatch.setattr(streams, "table", table)
        keys = [member_stream(2), thread_stream(9), member_stream(1), thread_stream(3, "notes"), thread_stream(3)]
        streams.raise_numbers(dict.fromkeys(keys, 1))
        assert [str(key) for key in asked] == ["thread:3", "thread:3/notes", "thread:9", "member:1", "member:2"]

    def test_numbers_of_old_and_new_streams_are_raised_by_what_is_told_there(self) -> None:
        first = streams.raise_numbers({thread_stream(9): 2, member_stream(1): 1})
        again = streams.raise_numbers({thread_stream(9): 3, member_stream(2): 1})
        assert {str(key): raised.seq for key, raised in first.items()} == {"thread:9": 2, "member:1": 1}
        assert {str(key): raised.seq for key, raised in again.items()} == {"thread:9": 5, "member:2": 1}
        assert first[thread_stream(9)].pk == again[thread_stream(9)].pk
        assert newest_number(member_stream(1)) == 1


class TestListening:
    def test_listeners_hear_after_the_commit_what_grew_and_what_changed(
        self,
        cast: Cast,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        heard: list[tuple[dict[str, int], frozenset[str]]] = []
        monkeypatch.setattr(event_log, "_listeners", [lambda grown, changed: heard.append((grown, changed))])

        @action
        def busy() -> None:
            tell(by=cast.ada, unread=1)
            tell(by=cast.ada, unread=0)
            emit_change("space:lobby")
            assert not heard

        with django_capture_on_commit_callbacks(execute=True):
            busy()
        assert heard == [({f"member:{cast.ada.pk}": 2}, frozenset({"space:lobby"}))]


class TestReading:
    def test_what_follows_a_number_comes_once_and_in_order(self, cast: Cast) -> None:
        for unread in range(4):
            tell(by=cast.ada, unread=unread)
        found = missed(member_stream(cast.ada.pk), 2)
        assert [event_data(event)["seq"] for event in found.events] == [3, 4]
        assert missed(member_stream(cast.ada.pk), 4).events == []

    def test_whoever_asks_beyond_the_log_is_sent_back_to_reload(self, cast: Cast) -> None:
        key = member_stream(cast.ada.pk)
        for unread in range(4):
            tell(by=cast.ada, unread=unread)
        assert missed(key, 9).reset
        assert missed(key, 0, most=3).reset
        assert not missed(key, 1, most=3).reset
        Event.objects.filter(seq__lte=2).delete()
        Stream.objects.update(pruned_to=2)
        assert missed(key, 1).reset
        assert [event.seq for event in missed(key, 2).events] == [3, 4]
        assert missed(member_stream(cast.ben.pk), 1).reset
        assert not missed(member_stream(cast.ben.pk), 0).reset

    def test_many_streams_are_asked_at_once(self, cast: Cast) -> None:
        tell(by=cast.ada, unread=1)
        keys = [member_stream(cast.ada.pk), member_stream(cast.ben.pk), thread_stream(1)]
        assert newest_numbers(keys) == {member_stream(cast.ada.pk): 1}


@pytest.mark.parametrize("name", ["thread:12", "thread:12/acme", "member:7"])
def test_names_of_streams_are_read_and_written_alike(name: str) -> None:
    assert str(StreamKey.parse(name)) == name


BAD_NAMES = ("", "thread", "thread:", "thread:x", "thread:1/", "member:1/part", "space:lobby", "thread:²")


@pytest.mark.parametrize("name", BAD_NAMES)
def test_what_is_no_stream_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        StreamKey.parse(name)
