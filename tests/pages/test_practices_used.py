"""Looking for a practice for a thread: from its page, from search and from the archive, and saying that it was used."""

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.practicing import recorded
from threads.actions.helpers import join, remove_helper
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.models import Practice, Resolution, Reuse, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def asked(cast: Cast) -> Thread:
    return open_thread(by=cast.zoe, space=cast.spaces["lobby"], title="Mail waits", body="Mail waits in the queue.")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("where", ["/search/?q=queue", "/archive/?q=queue", "/archive/"])
def test_what_is_found_for_a_thread_is_used_there_by_one_button(cast: Cast, where: str) -> None:
    practice, thread, client = recorded(cast), asked(cast), signed_in(cast.zoe)
    address = f"{where}{'&' if '?' in where else '?'}for={thread.pk}"
    plain, page = read(client, where), read(client, address)
    assert "use-in-thread" not in plain
    assert f'href="{practice.get_absolute_url()}?for={thread.pk}"' in page
    form = re.search(r'<form class="pad" id="use-in-thread" method="post" action="([^"]+)">', page)
    assert form is not None
    button = f'form="use-in-thread" name="practice" value="{practice.pk}"'
    assert button in page
    assert f'name="for" value="{thread.pk}"' in page, "the next search is for it too"
    client.post(form[1], {"act": "use", "practice": str(practice.pk)})
    assert Reuse.objects.get(thread=thread).practice == practice
    assert button not in read(signed_in(cast.finn), where)


@pytest.mark.parametrize("where", ["/search/?q=queue", "/archive/?q=queue", "/archive/"])
def test_what_is_found_by_chance_is_used_in_a_thread_of_ones_own(cast: Cast, where: str) -> None:
    practice, thread, client = recorded(cast), asked(cast), signed_in(cast.zoe)
    others = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail waits here, too", body="It waits.")
    choose = f'href="/practices/{practice.pk}/use/"'
    assert choose in read(client, where)
    assert choose not in read(client, f"{where}{'&' if '?' in where else '?'}for={thread.pk}"), "one button is there"
    page = read(client, f"/practices/{practice.pk}/use/")
    assert f'action="/threads/{thread.pk}/practices/"' in page
    assert f'action="/threads/{others.pk}/practices/"' not in page
    assert thread.title in read(client, f"/practices/{practice.pk}/use/?q=WAITS+mail")
    assert "None of them has these words" in read(client, f"/practices/{practice.pk}/use/?q=%00gone")
    sent = {"act": "use", "practice": str(practice.pk), "next": thread.get_absolute_url()}
    assert client.post(f"/threads/{thread.pk}/practices/", sent)["Location"] == thread.get_absolute_url()
    assert Reuse.objects.get(thread=thread).practice == practice
    assert "You have no such thread" in read(client, f"/practices/{practice.pk}/use/")
    say_verdict(by=cast.finn, practice=practice, kind="dangerous", note="It deleted the queue here.")
    assert choose not in read(client, where), "what somebody warns of is not used at once"
    assert client.get(f"/practices/{practice.pk}/use/")["Location"] == practice.get_absolute_url()


def test_only_threads_in_which_one_writes_are_offered(cast: Cast) -> None:
    practice, thread = recorded(cast), open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Help", body="Now.")
    join(by=cast.ben, thread=thread)
    client = signed_in(cast.ben)
    assert f'action="/threads/{thread.pk}/' in read(client, f"/practices/{practice.pk}/use/")
    remove_helper(by=cast.mo, thread=thread, member=cast.ben)
    assert f'action="/threads/{thread.pk}/' not in read(client, f"/practices/{practice.pk}/use/")
    hidden = recorded(cast, space="alliance", audience="organization")
    assert signed_in(cast.zoe).get(f"/practices/{hidden.pk}/use/").status_code == 404


def test_a_thread_that_is_not_seen_or_not_open_is_looked_for_by_nobody(cast: Cast) -> None:
    practice, client = recorded(cast), signed_in(cast.finn)
    hidden = open_thread(by=cast.ada, space=cast.spaces["alliance"], title="Hidden quuxes", body="Quuxes.")
    closed = asked(cast)
    Thread.objects.filter(pk=closed.pk).update(status=Thread.Status.CLOSED)
    for where in ("/search/?q=queue", "/archive/?q=queue", f"/practices/{practice.pk}/?x=1"):
        plain = without_address(read(client, where))
        for number in (str(hidden.pk), str(closed.pk), "0", "999999", "x", "9" * 40, "%00"):
            assert without_address(read(client, f"{where}&for={number}")) == plain, (where, number)


def without_address(page: str) -> str:
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)
    return re.sub(r"(&amp;|\?)for=[^\"&]*", "", page)


def test_a_practice_that_is_looked_at_for_a_thread_is_offered_for_it(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    assert f'action="/threads/{thread.pk}/practices/"' in read(
        signed_in(cast.mo), f"/practices/{practice.pk}/?for={thread.pk}"
    )
    assert "For your thread" not in read(signed_in(cast.mo), f"/practices/{practice.pk}/")


def test_what_fixed_it_is_not_lost_when_it_is_refused(cast: Cast) -> None:
    practice, thread, client = recorded(cast), asked(cast), signed_in(cast.zoe)
    Practice.objects.filter(pk=practice.pk).update(warned_at=practice.updated_at, confidence="archived")
    other = recorded(cast, title="Nothing like it", problem="Printers.", resolution="Paper.", cause="", environment="")
    typed = {"act": "solved", "practice": str(other.pk), "summary": "x" * 4001}
    answer = client.post(f"/threads/{thread.pk}/practices/", typed)
    assert answer.status_code == 422
    assert f'value="{typed["summary"]}"' in answer.content.decode()
    assert thread.reuses.count() == 0
    assert client.post(f"/threads/{thread.pk}/practices/", typed | {"summary": "More paper."}).status_code == 302
    assert Resolution.objects.get(thread=thread).summary == "More paper."
