"""What some may not see leaves no trace for them wherever practices, threads and organizations are shown together."""

import re

import pytest
from django.test import Client

from community.models import Event, InboxItem, Member, Stream
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.practicing import recorded
from threads.actions.adoption import adopt
from threads.actions.guests import let_in
from threads.actions.reuse import use_practice
from threads.actions.subscribing import subscribe, tell_news
from threads.actions.threads import open_thread
from threads.models import Practice, Thread
from threads.queries.guests import preview_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECRET = "Xylophone"


def shown(viewer: Member, *addresses: str) -> dict[str, str]:
    """What each address answers, without the tokens of forms."""
    client: Client = signed_in(viewer)
    pages = {address: client.get(address).content.decode() for address in addresses}
    return {address: without_tokens(page) for address, page in pages.items()}


def without_tokens(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)


def secret_practice(cast: Cast) -> Practice:
    """One of Acme's own."""
    return recorded(
        cast, title=f"{SECRET} restarts", resolution=f"{SECRET} it.", space="alliance", audience="organization"
    )


def open_to_all(cast: Cast, by: str = "ada") -> Thread:
    return open_thread(by=cast.people[by], space=cast.spaces["lobby"], title="Mail waits", body="Mail waits.")


@pytest.mark.parametrize("who", ["zoe", "finn", "cleo"])
def test_a_hidden_practice_used_in_a_thread_is_nowhere(cast: Cast, who: str) -> None:
    practice, thread, viewer = secret_practice(cast), open_to_all(cast), cast.people[who]
    addresses = (
        f"/threads/{thread.pk}/", f"/threads/{thread.pk}/practices/", f"/threads/{thread.pk}/practices/?q={SECRET}",
        f"/threads/{thread.pk}/matches/", f"/threads/{thread.pk}/timeline/", f"/threads/{thread.pk}/since/",
        f"/practices/suggestions/?thread={thread.pk}", f"/practices/suggestions/?q={SECRET}",
        f"/search/?q={SECRET}&kind=practice",
        f"/people/{cast.ben.handle}/", "/adoption/", "/archive/", "/inbox/",
    )  # fmt: skip
    use_practice(by=cast.ada, thread=thread, practice=practice)
    adopt(by=cast.olga, practice=practice, state="adapted", variant=f"{SECRET} twice.", shares="variant")
    for address, page in shown(viewer, *addresses).items():
        assert f"{SECRET} restarts" not in page, address
        assert f"{SECRET} it" not in page, address
        assert f"/practices/{practice.pk}/" not in page, address
    assert f"{SECRET} restarts" in shown(cast.ben, addresses[1])[addresses[1]]
    assert not InboxItem.objects.filter(member=viewer).exists()
    told = Event.objects.filter(stream__kind=Stream.Kind.THREAD, stream__subject_id=thread.pk).values_list(
        "kind", "data"
    )
    assert not [row for row in told if "practice" in row[0] or SECRET in str(row[1])], "nor in what is replayed later"


@pytest.mark.parametrize("who", ["zoe", "finn"])
def test_doors_to_a_hidden_practice_are_doors_to_nothing(cast: Cast, who: str) -> None:
    practice, thread, viewer = secret_practice(cast), open_to_all(cast, who), cast.people[who]
    client = signed_in(viewer)
    nothing = practice.pk + 1000
    for act in ("use", "solved", "withdraw"):
        answers = [
            client.post(f"/threads/{thread.pk}/practices/", {"act": act, "practice": str(pk)})
            for pk in (practice.pk, nothing)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        pages = [without_tokens(answer.content.decode()) for answer in answers]
        assert pages[0] == pages[1]
    assert client.get(f"/practices/{practice.pk}/adoption/").status_code == 404
    assert client.post(f"/practices/{practice.pk}/adoption/", {"state": "adopted"}).status_code == 404


def test_a_hidden_thread_is_not_where_a_practice_was_used(cast: Cast) -> None:
    practice = recorded(cast)
    hidden = open_thread(
        by=cast.zoe, space=cast.spaces["alliance"], title=f"{SECRET} of ours", body="x", audience="organization"
    )
    address = f"/practices/{practice.pk}/"
    before = {name: shown(cast.people[name], address)[address] for name in ("ada", "finn")}
    use_practice(by=cast.zoe, thread=hidden, practice=practice)
    for name, page in before.items():
        assert shown(cast.people[name], address)[address] == page, "not a number, not a word"
        assert shown(cast.people[name], f"{address}?for={hidden.pk}")[f"{address}?for={hidden.pk}"].count(SECRET) == 0
        assert signed_in(cast.people[name]).get(f"/practices/suggestions/?thread={hidden.pk}").status_code == 404
    assert f"{SECRET} of ours" in shown(cast.cleo, address)[address]
    notice = InboxItem.objects.get(member=cast.ben, kind="practice-reused")
    assert (notice.subject, notice.target) == (f"practice:{practice.pk}", f"practice:{practice.pk}")
    assert SECRET not in shown(cast.ben, "/inbox/")["/inbox/"]
    assert SECRET not in shown(cast.finn, f"/people/{cast.ben.handle}/")[f"/people/{cast.ben.handle}/"]


def test_a_guest_let_in_afterwards_is_told_of_no_practice(cast: Cast) -> None:
    practice = secret_practice(cast)
    thread = open_thread(
        by=cast.ada, space=cast.spaces["alliance"], title="Mail waits", body="x", audience="organization"
    )
    use_practice(by=cast.ada, thread=thread, practice=practice)
    let_in(by=cast.ada, thread=thread, member=cast.finn, preview=preview_for(thread, cast.finn).digest)
    pages = shown(
        cast.finn, f"/threads/{thread.pk}/", f"/threads/{thread.pk}/practices/", f"/threads/{thread.pk}/timeline/"
    )
    for address, page in pages.items():
        assert f"{SECRET} restarts" not in page, address
        assert f"/practices/{practice.pk}/" not in page, address
    told = Event.objects.filter(
        stream__kind=Stream.Kind.THREAD, stream__subject_id=thread.pk, kind__startswith="practice."
    )
    assert SECRET not in str(list(told.values_list("data", flat=True)))


def test_who_lost_sight_of_a_practice_hears_of_it_no_more(cast: Cast) -> None:
    practice = recorded(cast, space="alliance")
    Practice.objects.filter(pk=practice.pk).update(product=cast.products["mail-gateway"])
    subscribe(by=cast.zoe, scope="product:mail-gateway")
    Practice.objects.filter(pk=practice.pk).update(audience="organization")
    tell_news()
    assert not InboxItem.objects.filter(member=cast.zoe).exists()
