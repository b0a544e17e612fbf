"""Records written live, for tests: a process that stores what it is given, and what a record then says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.threads.replicas import Replica
from threads.actions.live_records import Copy, Sent, Written, catch_up, write_updates
from threads.models import Thread, WorkingRecord


class Process:
    """A process with its copies, which knows nothing of who may write."""

    def __init__(self) -> None:
        self.copies: dict[int, Copy] = {}

    def write(self, thread: Thread, *sent: tuple[int, bytes]) -> Written:
        messages = [Sent(member, update, whole=False) for member, update in sent]
        return write_updates(sent={thread.pk: messages}, copies=self.copies)[thread.pk]

    def joined(self, thread: Thread, client: int | None = None) -> Replica:
        copy = catch_up([thread.pk], self.copies)[thread.pk]
        return Replica(client, copy.document.since(b"\0"))


def columns(thread: Thread) -> dict[str, str]:
    return WorkingRecord.objects.get(pk=thread.pk).fields


def replayed(thread: Thread) -> dict[str, str]:
    return catch_up([thread.pk], {})[thread.pk].document.texts


def later(monkeypatch: pytest.MonkeyPatch, **ago: float) -> None:
    """As if that much time had gone by since everything so far."""
    now = timezone.now() + timedelta(**ago)
    monkeypatch.setattr("community.rules.clock.now", lambda: now)
