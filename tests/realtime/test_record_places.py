"""Who writes where in a record: told by the server, with places from the clients."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.realtime.writers import Writer

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Sit = Callable[..., Writer]


PLACE = {"type": None, "tname": "problem", "item": None, "assoc": 0}


def test_names_are_made_here_and_places_come_from_the_client(sit: Sit, cast: "Cast") -> None:
    ada, ben = sit("ada"), sit("ben")
    user = {"name": "Mallory", "id": cast.ben.pk, "color": "url(evil)"}
    ada.say({"user": user, "cursor": {"anchor": PLACE, "head": PLACE}, "field": "problem", "more": [1]})
    for writer in (ada, ben):
        writer.until(lambda: writer.state_of(ada) is not None)  # noqa: B023  (called at once)
        state = writer.state_of(ada)
        assert state.keys() == {"user", "cursor", "field"}
        assert (state["user"]["name"], state["user"]["id"]) == ("Ada Lindqvist", cast.ada.pk)
        assert state["user"]["organization"] == "Acme"
        assert (state["cursor"]["head"], state["field"]) == (PLACE, "problem")
    late = sit("cleo")
    late.until(lambda: late.state_of(ada) == ben.state_of(ada))


@pytest.mark.parametrize(
    "said", [{"cursor": {"anchor": {**PLACE, "tname": "evil"}, "head": PLACE}}, {"cursor": 7}, {"field": "evil"}, {}]
)
def test_a_place_that_is_none_is_left_out(sit: Sit, said: dict[str, object]) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say(said)
    ben.until(lambda: ben.state_of(ada) is not None)
    assert (ben.state_of(ada)["cursor"], ben.state_of(ada)["field"]) == (None, None)


def test_nobody_speaks_for_others(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    ben.say({"field": "problem"})
    ben.say(None, clock=9, client=ada.replica.doc.client_id)
    ben.say({"field": "resolution"}, clock=2)
    ada.until(lambda: (ada.state_of(ben) or {}).get("field") == "resolution")
    assert ada.state_of(ada)["field"] == "cause"


def test_who_leaves_is_gone_for_the_others(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    ada.connection.close()
    ben.until(lambda: ben.state_of(ada) is None)


def test_readers_see_themselves_and_nobody_sees_them(sit: Sit, thread: "Thread") -> None:
    from threads.models import Thread

    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.CLOSED)
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ada.until(lambda: ada.state_of(ada) is not None)
    ben.send(3)
    ben.settle()
    assert ben.people == {}


def test_who_counts_without_a_name_has_none_here(sit: Sit, cast: "Cast") -> None:
    from community.models import Member

    Member.objects.filter(pk=cast.ada.pk).update(present_without_name=True)
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    assert ben.state_of(ada)["user"].keys() == {"name", "color", "colorLight"}
    assert ben.state_of(ada)["user"]["name"] == ""
    Member.objects.filter(pk=cast.ada.pk).update(present_without_name=False)
    ben.until(lambda: ben.state_of(ada)["user"]["name"] == "Ada Lindqvist")
