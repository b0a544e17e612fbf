"""Records taken by several at once, with the network's first key made in the same moment."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from reputation.models import CareerRecord, SigningKey
from tests.cast import make_cast
from tests.community.test_event_concurrency import at_once
from tests.threads.taking import check, took
from threads.actions.career import Issued

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path, ""


def test_all_are_signed_by_one_key_and_the_same_one_is_the_same() -> None:
    cast = make_cast()
    same, found = uuid4(), list[Issued]()
    wanted = [(cast.ben, same), (cast.ben, same), (cast.ada, uuid4()), (cast.zoe, uuid4())]
    at_once(*(partial(lambda who, number: found.append(took(who, number)), who, number) for who, number in wanted))
    assert len(found) == 4
    assert (SigningKey.objects.count(), CareerRecord.objects.count()) == (1, 3)
    assert {check(issued.document).verdict for issued in found} == {"genuine"}
    of_ben = [issued.document for issued in found if issued.note.number == same]
    assert of_ben[0] == of_ben[1]
