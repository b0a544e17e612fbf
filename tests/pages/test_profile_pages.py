"""The contribution profile's pages: each number is told to whom the member shows it, and leads to its rows."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.actions.members import suspend
from community.models import Member
from community.rules import clock
from reputation.actions.awards import About, grant
from reputation.actions.profile import choose_shown, switch_leaderboard
from reputation.models import Award, Leaderboard, ProfileChoice, Tally
from reputation.models.profile import Circle
from tests.cast import Cast
from tests.pages.stories import SignIn, Story, signed_in
from tests.reputation.earning import IN_ALL, LATELY, NOW, earns
from threads.actions.votes import vote

pytestmark = pytest.mark.both_databases

PAGE, EVIDENCE, BOARD = "/people/ben/profile/", "/people/ben/profile/evidence/", "/organization/leaderboard/"
OWN = "/people/me/profile/"
LINK = re.compile(r'<a href="(/people/ben/profile/evidence/\?[^"]+)">(\d+)<')
AMOUNT = re.compile(r'<td class="n">([+-]\d+)</td>')
PARTS = {"contributions": "By kind", "ledger": "", "peers": "How peers rate"}


def text_of(client: Client, address: str, status: int = 200) -> str:
    with clock.at(NOW):
        answer = client.get(address)
    assert answer.status_code == status, address
    return unescape(answer.content.decode())


def chosen(cast: Cast, **parts: Any) -> None:
    choose_shown(by=cast.ben, **parts)


def rated(member: Member, value: int = 9) -> None:
    """What five peers made of somebody, of all the time and of the last year."""
    for window in ("", "year"):
        Tally.objects.create(
            rated=member, kind="peer", quality="clarity", window=window, value=value, raters=5, parts={}, at=NOW
        )
    Tally.objects.create(rated=member, kind="requester", quality="clarity", value=3, raters=5, parts={}, at=NOW)


def amounts(client: Client, address: str) -> list[int]:
    """What the rows behind a number say, page by page."""
    found: list[int] = []
    while address:
        page = text_of(client, address)
        found += [int(amount) for amount in AMOUNT.findall(page)]
        following = re.search(r'href="(\?[^"]+)" rel="next"', page)
        address = address.partition("?")[0] + following[1] if following else ""
    return found


def test_each_number_leads_to_rows_that_add_up_to_it(cast: Cast, sign_in: SignIn, story: Story) -> None:
    earns(cast, cast.ben)
    for number in range(25):
        subject = f"post:{story.reply.pk}"
        with clock.at(NOW):
            grant(
                member=cast.ben, rule=Award.Rule.MENTORING, cause=f"m:{number}", subject=subject,
                about=About("", ("smtp",)), giver=None,
            )  # fmt: skip
    client = sign_in(cast.ben)
    for asked in ("", "?period=all", "?period=2026-11&months=24", "?period=all&subject=tag:smtp", "?period=2025-Q1"):
        links = LINK.findall(text_of(client, PAGE + asked))
        assert len(links) >= 5
        for address, number in links:
            assert sum(amounts(client, address)) == int(number), (asked, address)


def test_the_numbers_are_those_of_the_period(cast: Cast, sign_in: SignIn) -> None:
    earns(cast, cast.ben)
    for asked, expected in {"": LATELY, "?period=all": IN_ALL}.items():
        page = text_of(sign_in(cast.ben), PAGE + asked)
        table = page[page.index("<tbody>") : page.index("<tfoot>")]
        assert [int(number) for _address, number in LINK.findall(table)] == [of[0] for of in expected.values()]
        assert f'data-label="Standing">{sum(of[0] for of in expected.values())}</td>' in page


def test_pages_cost_the_same_with_more_in_the_ledger(cast: Cast, sign_in: SignIn, story: Story) -> None:
    client, costs = sign_in(cast.ben), []
    for times in (1, 12):
        for number in range(times):
            with clock.at(NOW):
                grant(
                    member=cast.ben, rule=Award.Rule.MENTORING, cause=f"m:{times}:{number}",
                    subject=f"post:{story.reply.pk}", about=About("", ("smtp", "loop")), giver=None,
                )  # fmt: skip
        for address in (PAGE, f"{PAGE}?period=all&subject=tag:smtp", EVIDENCE):
            text_of(client, address)
            with CaptureQueriesContext(connection) as asked:
                text_of(client, address)
            costs.append(len(asked))
    assert costs[:3] == costs[3:]


def test_ones_own_is_found_without_knowing_the_handle(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ben).get(OWN)["Location"] == PAGE
    assert sign_in(cast.ben).get(f"{OWN}?period=all")["Location"] == f"{PAGE}?period=all"
    assert PAGE in text_of(sign_in(cast.ben), "/people/ben/")


# Who sees what Ben shows to whom: somebody of his organization, its administrator, another organization's member and
# curator, moderators of everything, the network's administrator, and a guest in one of his threads.
VIEWERS = {"ada", "olga", "zoe", "cleo", "finn", "mo", "nia"}
SEES = {Circle.ME: set[str](), Circle.ORGANIZATION: {"ada", "olga"}, Circle.NETWORK: VIEWERS}


def said(client: Client) -> dict[str, Any]:
    """What a viewer is told of Ben, by part, and how the pages answer."""
    with clock.at(NOW):
        page, evidence, member = (client.get(address) for address in (PAGE, EVIDENCE, "/people/ben/"))
    text = unescape(page.content.decode())
    return {
        "page": page.status_code,
        "contributions": "By kind" in text and "Over time" in text and "By subject" in text,
        "peers": "4.5 / 5" in text,
        "ledger": evidence.status_code == 200 and "A post solved a problem" in evidence.content.decode(),
        "rows": "A post solved a problem" in unescape(member.content.decode()),
        "link": PAGE in member.content.decode(),
        "links": EVIDENCE in text,
    }


@pytest.mark.parametrize("circle", list(Circle))
@pytest.mark.parametrize("part", list(PARTS))
def test_who_is_told_what(cast: Cast, story: Story, part: str, circle: Circle) -> None:
    from threads.models import Guest

    Guest.objects.create(thread=story.thread, member=cast.finn, invited_by=cast.ada)
    earns(cast, cast.ben)
    rated(cast.ben)
    chosen(cast, **{part: circle})
    for who in VIEWERS:
        found, sees = said(signed_in(cast.people[who])), who in SEES[circle]
        expected = dict.fromkeys(("contributions", "peers", "ledger", "rows", "links"), False)
        expected[part] = sees
        expected["rows"] = expected["ledger"]
        assert found == {"page": 200 if sees else 404, "link": sees, **expected}, who
    assert all(value for name, value in said(signed_in(cast.ben)).items() if name != "page")


def test_a_number_leads_on_only_for_who_sees_the_rows(cast: Cast) -> None:
    earns(cast, cast.ben)
    chosen(cast, contributions=Circle.NETWORK, ledger=Circle.ORGANIZATION)
    assert (said(signed_in(cast.zoe))["links"], said(signed_in(cast.ada))["links"]) == (False, True)


def test_nothing_tells_whether_there_is_something(cast: Cast, sign_in: SignIn) -> None:
    """Who has much and shows nothing, who has nothing, who left, who was imported, and who is not there."""
    earns(cast, cast.ben)
    earns(cast, cast.olga)
    rated(cast.olga)
    choose_shown(by=cast.olga, ledger=Circle.NETWORK, contributions=Circle.NETWORK, peers=Circle.NETWORK)
    Member.objects.filter(pk=cast.olga.pk).update(source_site="example", source_id="7")
    client, pages = sign_in(cast.zoe), {}
    for handle in ("ben", "finn", "sam", "olga", "nobody"):
        for address in (f"/people/{handle}/profile/", f"/people/{handle}/profile/evidence/?axis=solve"):
            text = text_of(client, address, 404)
            pages[address] = "".join(line for line in text.splitlines() if "csrf" not in line).replace(handle, "X")
    assert len({re.sub(r"evidence/\?axis=solve|evidence.{0,40}solve", "", page) for page in pages.values()}) == 1
    ledgers = [text_of(client, f"/people/{handle}/").count("for Ben") for handle in ("ben",)]
    assert ledgers == [1]
    assert "is for Finn Byrne to show" in text_of(client, "/people/finn/")


def test_who_is_suspended_sees_and_shows_nothing(cast: Cast, sign_in: SignIn) -> None:
    earns(cast, cast.ben)
    chosen(cast, contributions=Circle.NETWORK, ledger=Circle.NETWORK)
    suspended = sign_in(cast.ada)
    suspend(by=cast.olga, member=cast.ada)
    assert suspended.get(PAGE)["Location"].startswith("/accounts/login/")
    text_of(sign_in(cast.zoe), PAGE)
    suspend(by=cast.olga, member=cast.ben)
    text_of(sign_in(cast.zoe), PAGE, 404)
    assert "A post solved" not in text_of(sign_in(cast.zoe), "/people/ben/")


def test_who_has_earned_nothing_has_a_page(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.zoe), "/people/zoe/profile/?period=all")
    assert "Nothing on any subject" in page
    assert 'class="shape"' not in page
    assert "No number for this choice" in page
    assert "Nothing in this period" in text_of(sign_in(cast.zoe), "/people/zoe/profile/evidence/")


def test_a_tag_is_named_only_to_who_meets_it(cast: Cast, sign_in: SignIn, secret: Story) -> None:
    """`loop` is a tag of a thread for Acme alone; nobody else learns that there is one, by list, filter or count."""
    assert secret.thread.pk
    earns(cast, cast.ben)
    chosen(cast, contributions=Circle.NETWORK, ledger=Circle.NETWORK)
    for who, meets in {"ada": True, "zoe": False}.items():
        client = sign_in(cast.people[who])
        assert ("#loop" in text_of(client, PAGE)) is meets
        for address in (PAGE, EVIDENCE):
            text_of(client, f"{address}?subject=tag:loop", 200 if meets else 404)
            text_of(client, f"{address}?subject=tag:never-said", 404)
    row = text_of(sign_in(cast.zoe), f"{EVIDENCE}?axis=solve")
    assert "A post solved a problem" in row
    assert secret.thread.title not in row
    assert f"/posts/{secret.reply.pk}" not in row
    assert secret.thread.title in text_of(sign_in(cast.ada), f"{EVIDENCE}?axis=solve")


@pytest.mark.parametrize(
    "asked",
    [
        "period=ever", "period=2026-13", "subject=space:lobby", "subject=tag:%00", "subject=tag:", "subject=nothing",
        "subject=product:none", f"subject=tag:{'x' * 500}", "axis=win", "period=%00",
    ],
)  # fmt: skip
def test_what_is_no_choice_is_not_there(cast: Cast, sign_in: SignIn, asked: str) -> None:
    ben = sign_in(cast.ben)
    for address in (EVIDENCE, PAGE):
        text_of(ben, f"{address}?period=all&axis=solve&subject=")
        # Kinds are beside each other on the profile, so there it is no choice at all.
        text_of(ben, f"{address}?{asked}", 200 if (address, asked) == (PAGE, "axis=win") else 404)


def test_peers_are_of_all_the_time_or_the_last_year(cast: Cast, sign_in: SignIn) -> None:
    rated(cast.ben)
    client = sign_in(cast.ben)
    for asked, there in {"": True, "?period=all": True, "?period=2026": False, "?period=2026-11": False}.items():
        page = text_of(client, PAGE + asked)
        assert ("4.5 / 5" in page) is there, asked
        assert ("No number for this choice" in page) is not there
        assert "1.5" not in page, "requesters are never shown"


def test_the_choice_is_kept_and_said(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ben)
    assert text_of(client, PAGE).count("Now: only you see it.") == 3
    sent = {"contributions": "organization", "ledger": "network", "peers": "me", "off_leaderboards": "on"}
    assert client.post(OWN, sent)["Location"] == f"{PAGE}#shown"
    page = text_of(client, PAGE)
    assert page.count("Now: only you see it.") == 1
    assert page.count("Now: you and everybody in Acme see it.") == 1
    assert page.count("Now: everybody in the network sees it.") == 1
    row = ProfileChoice.objects.get()
    assert (row.contributions, row.ledger, row.peers, row.off_leaderboards) == ("organization", "network", "me", True)


@pytest.mark.parametrize("sent", [{}, {"contributions": "all", "ledger": "me", "peers": "me"}])
def test_what_cannot_be_chosen_changes_nothing(cast: Cast, sign_in: SignIn, sent: dict[str, str]) -> None:
    answer = sign_in(cast.ben).post(OWN, sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode() or "errors" in answer.content.decode()
    assert not ProfileChoice.objects.exists()
    assert "Who sees it" not in text_of(_shown_to_zoe(cast), PAGE)


def _shown_to_zoe(cast: Cast) -> Client:
    chosen(cast, contributions=Circle.NETWORK)
    return signed_in(cast.zoe)


def test_a_leaderboard_is_there_for_the_own_organization_when_it_is_on(cast: Cast, sign_in: SignIn) -> None:
    earns(cast, cast.ben)
    earns(cast, cast.zoe)
    for who in ("ada", "ben", "zoe", "cleo", "mo", "finn"):
        text_of(sign_in(cast.people[who]), BOARD, 404)
        assert sign_in(cast.people[who]).post(BOARD, {"on": "yes"}).status_code == 404
    assert "advises against" in text_of(sign_in(cast.olga), BOARD)
    assert sign_in(cast.olga).post(BOARD, {"on": "yes"})["Location"] == BOARD
    for who in ("ada", "ben", "olga"):
        page = text_of(sign_in(cast.people[who]), f"{BOARD}?period=all")
        assert "Ben Okafor" in page
        assert "Zoe" not in page
    for who in ("zoe", "cleo", "mo", "finn"):
        text_of(sign_in(cast.people[who]), BOARD, 404)
    assert "Ben Okafor" not in text_of(sign_in(cast.nia), BOARD), "hers to switch on is that of the network office"
    assert sign_in(cast.ada).post(BOARD, {"on": "no"}).status_code == 403
    assert Leaderboard.objects.get().until is None
    sign_in(cast.olga).post(BOARD, {"on": "no"})
    text_of(sign_in(cast.ben), BOARD, 404)


def test_a_leaderboard_tells_no_tag_that_one_does_not_meet(cast: Cast, sign_in: SignIn) -> None:
    switch_leaderboard(by=cast.olga, on=True)
    about = About("mail-gateway", ("unmet",), "backroom")
    with clock.at(NOW):
        grant(member=cast.ben, rule=Award.Rule.HELPED, cause="x:1", subject="x:1", about=about, giver=None)
    page = text_of(sign_in(cast.ada), BOARD)
    assert "Mail Gateway" in page
    assert "unmet" not in page
    assert "space:backroom" not in page
    for subject in ("tag:unmet", "tag:none", "space:backroom", "space:lobby", "tag:%00"):
        text_of(sign_in(cast.ada), f"{BOARD}?subject={subject}", 404)
    assert "Ben Okafor" in text_of(sign_in(cast.ada), f"{BOARD}?subject=product:mail-gateway&period=2026-Q4")


def test_who_is_on_a_leaderboard_is_told_so_and_leaves_it(cast: Cast, sign_in: SignIn) -> None:
    earns(cast, cast.ben)
    client = sign_in(cast.ben)
    assert "Now: your organization has no leaderboard" in text_of(client, PAGE)
    switch_leaderboard(by=cast.olga, on=True)
    assert "Now: everybody in Acme sees your standing by period and subject" in text_of(client, PAGE)
    client.post(OWN, {"contributions": "me", "ledger": "me", "peers": "me", "off_leaderboards": "on"})
    assert "Now: you are not on your organization’s leaderboard" in text_of(client, PAGE)
    assert "You left yourself out" in text_of(client, BOARD)
    assert "Ben Okafor" not in text_of(sign_in(cast.ada), f"{BOARD}?period=all").split("<tbody>")[-1]


def test_why_something_was_taken_back_is_said_to_the_member_alone(cast: Cast, sign_in: SignIn, story: Story) -> None:
    vote(by=cast.zoe, post=story.reply, value=True)
    vote(by=cast.zoe, post=story.reply, value=False)
    why = str(Award.objects.get(member=cast.ben, why=Award.Why.UNVOTED).get_why_display())
    choose_shown(by=cast.ben, ledger=Circle.NETWORK)
    for address in ("/people/ben/", EVIDENCE):
        assert why in text_of(sign_in(cast.ben), address)
        shown = text_of(sign_in(cast.ada), address)
        assert "Taken back: A post helped somebody" in shown
        assert why not in shown
