"""Who sees a record and may not write it: told everything, asked for nothing, and sent away when they write."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.realtime.writers import Writer, columns

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Sit = Callable[..., Writer]


def let_in(cast: "Cast", thread: "Thread", *, reads_only: bool) -> None:
    """Finn, whom the thread's audience does not reach, is let in by Ada."""
    from threads.actions import guests
    from threads.queries.guests import preview_for

    shown = preview_for(thread, cast.finn).digest
    guests.let_in(by=cast.ada, thread=thread, member=cast.finn, preview=shown, reads_only=reads_only)


def test_a_guest_who_only_reads_sees_it_live_and_cannot_write(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    let_in(cast, thread, reads_only=True)
    ada, finn = sit("ada"), sit("finn")
    ada.write("problem", 0, "Live")
    finn.until(lambda: finn.text() == "Live")
    assert (ada.asked, finn.asked) == (1, 0)
    finn.write("problem", 0, "No")
    assert finn.ended() == 4405
    ada.settle()
    assert ada.text() == columns(thread)["problem"] == "Live"


def test_a_guest_who_is_given_the_pen_comes_back_and_writes(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    let_in(cast, thread, reads_only=True)
    reading = sit("finn")
    let_in(cast, thread, reads_only=False)
    assert reading.ended() == 4500
    finn = sit("finn")
    finn.write("cause", 0, "Dust")
    finn.settle()
    assert columns(thread)["cause"] == "Dust"


def test_a_helper_who_is_removed_loses_the_pen_at_once(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.helpers import join, remove_helper
    from threads.actions.ownership import take

    take(by=cast.ada, thread=thread)
    join(by=cast.zoe, thread=thread)
    zoe = sit("zoe")
    zoe.write("cause", 0, "Sand")
    zoe.settle()
    remove_helper(by=cast.ada, thread=thread, member=cast.zoe)
    assert zoe.ended() == 4500
    reading = sit("zoe")
    assert (reading.asked, reading.text("cause")) == (0, "Sand")
    reading.write("cause", 0, "No ")
    assert reading.ended() == 4405
    assert columns(thread)["cause"] == "Sand"


def test_the_door_and_the_pen_agree_with_what_members_may(cast: "Cast", thread: "Thread") -> None:
    from realtime.doors import pens_of
    from threads.policies.threads import may_see, may_write_record

    let_in(cast, thread, reads_only=True)
    place = f"thread:{thread.pk}"
    pens = pens_of({(member.pk, place) for member in cast.people.values()})
    seeing = [member for member in cast.people.values() if may_see(member, thread)]
    assert pens == {(member.pk, place): may_write_record(member, thread) for member in seeing}
    assert pens[cast.finn.pk, place] is False
