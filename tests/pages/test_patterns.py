"""Pages of patterns: the list names nobody, the evidence is there for who looked, and a look is kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.models import Grant, InboxItem, Member
from community.rules import clock
from reputation.models import Award, Flag, FlagLook
from reputation.rules.patterns import RECIPROCAL_EACH
from tests.cast import Cast
from tests.pages.stories import SignIn
from tests.reputation.suspending import replies, vote_for
from threads.actions.patterns import find_patterns, settle_waiting
from threads.actions.threads import open_thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECRET = "Xylographic relays"


@pytest.fixture
def flag(cast: Cast) -> Flag:
    """Ada and Ben gave to each other, partly in a thread that only Acme sees."""
    Member.objects.update(joined_at=clock.now() - timedelta(days=400))
    lobby = cast.spaces["lobby"]
    own = open_thread(by=cast.olga, space=lobby, title=SECRET, body="Help.", audience="organization")
    shared = open_thread(by=cast.olga, space=lobby, title="Mail loops", body="Help.")
    vote_for(cast.ada, replies(own, cast.ben, RECIPROCAL_EACH))
    vote_for(cast.ben, replies(shared, cast.ada, RECIPROCAL_EACH))
    (found,) = find_patterns()
    return found


def page(flag: Flag) -> str:
    return f"/moderation/patterns/{flag.pk}/"


def test_who_may_see_what(cast: Cast, flag: Flag, sign_in: SignIn, client: Client) -> None:
    addresses = ["/moderation/patterns/", page(flag), f"{page(flag)}look/", "/moderation/patterns/looks/"]
    for address in addresses:
        assert client.get(address)["Location"].startswith("/accounts/login/")
    Grant.objects.create(member=cast.ben, role=Grant.Role.MODERATOR, space=cast.spaces["lobby"])
    for who in ("ada", "olga", "zoe", "cleo", "finn"):
        asking = sign_in(cast.people[who])
        for address in addresses:
            assert asking.get(address).status_code in {404, 405}, (who, address)
            assert asking.post(address, {"state": "acted", "reason": "x", "version": 1}).status_code in {404, 405}
        assert "/moderation/" not in asking.get("/").content.decode()
    concerned = sign_in(cast.ben)
    assert "Two give" not in concerned.get("/moderation/patterns/").content.decode()
    assert [concerned.get(page(flag)).status_code, concerned.post(f"{page(flag)}look/").status_code] == [404, 404]
    assert sign_in(cast.mo).get("/moderation/patterns/looks/").status_code == 404
    for number in (0, 10**9, 10**30):
        assert sign_in(cast.mo).get(f"/moderation/patterns/{number}/").status_code == 404
    assert not FlagLook.objects.exists()


def test_a_moderator_looks_and_decides(cast: Cast, flag: Flag, sign_in: SignIn) -> None:
    mo = sign_in(cast.mo)
    assert "/moderation/patterns/" in mo.get("/").content.decode()
    inbox = mo.get("/inbox/").content.decode()
    assert "Unusual patterns" in inbox
    for address in ("/moderation/patterns/", page(flag)):
        text = mo.get(address).content.decode()
        assert "Two give to each other" in text
        assert "Ada Lindqvist" not in text, "it names nobody"
    sent = {"state": "acted", "reason": "They deal.", "version": flag.version}
    refused = mo.post(page(flag), sent)
    assert refused.status_code == 422
    assert mo.post(f"{page(flag)}look/").status_code == 302
    text = mo.get(page(flag)).content.decode()
    assert text.count("Ada Lindqvist") > RECIPROCAL_EACH
    assert "100 % of 6" in text
    assert "Mail loops" in text
    assert SECRET not in text, "what Mo does not see has no title"
    assert "Mo Haddad" in text.partition("Seen by")[2]
    empty = mo.post(page(flag), sent | {"reason": " "})
    assert empty.status_code == 422
    stale = mo.post(page(flag), sent | {"version": flag.version + 1})
    assert stale.status_code == 422
    assert "They deal." in stale.content.decode()
    assert mo.post(page(flag), sent).status_code == 302
    while settle_waiting():
        pass
    assert Award.objects.filter(reversal__why="gamed").count() == 2 * RECIPROCAL_EACH
    text = mo.get(page(flag)).content.decode()
    assert "They deal." in text
    assert "was not earned" in text
    assert "Two give" in mo.get("/moderation/patterns/?state=acted").content.decode()
    assert "Two give" not in mo.get("/moderation/patterns/").content.decode()


def test_those_concerned_read_that_awards_were_withdrawn_and_nothing_of_the_pattern(
    cast: Cast, flag: Flag, sign_in: SignIn
) -> None:
    mo = sign_in(cast.mo)
    mo.post(f"{page(flag)}look/")
    mo.post(page(flag), {"state": "acted", "reason": "They deal.", "version": flag.version})
    while settle_waiting():
        pass
    assert InboxItem.objects.filter(kind="awards-withdrawn").count() == 2
    for who in ("ada", "ben"):
        asking = sign_in(cast.people[who])
        inbox = asking.get("/inbox/").content.decode()
        assert "A moderator withdrew awards" in inbox
        texts = inbox + asking.get(f"/people/{who}/").content.decode()
        for word in ("They deal", "Mo Haddad", "/moderation/", "Two give to each other"):
            assert word not in texts, (who, word)


def test_network_administrators_read_who_looked(cast: Cast, flag: Flag, sign_in: SignIn) -> None:
    sign_in(cast.mo).post(f"{page(flag)}look/")
    nia = sign_in(cast.nia)
    text = nia.get("/moderation/patterns/looks/").content.decode()
    assert "Mo Haddad" in text
    assert "Ada Lindqvist" not in text
    assert nia.get(page(flag)).status_code == 200
    assert FlagLook.objects.count() == 1, "reading the page without its evidence is no look"


def test_a_look_lasts_an_hour(cast: Cast, flag: Flag, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    mo = sign_in(cast.mo)
    mo.post(f"{page(flag)}look/")
    assert "Ada Lindqvist" in mo.get(page(flag)).content.decode()
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Ada Lindqvist" not in mo.get(page(flag)).content.decode()


def test_a_page_of_many_awards_costs_no_more(cast: Cast, flag: Flag, sign_in: SignIn) -> None:
    mo = sign_in(cast.mo)
    mo.post(f"{page(flag)}look/")
    mo.get(page(flag))
    with CaptureQueriesContext(
        connection,
    ) as few:
        mo.get(page(flag))
    thread = open_thread(by=cast.olga, space=cast.spaces["lobby"], title="More", body="Help.")
    vote_for(cast.ada, replies(thread, cast.ben, 30))
    find_patterns()
    mo.get(page(flag))
    with CaptureQueriesContext(connection) as many:
        mo.get(page(flag))
    assert len(many) == len(few) <= 25
