"""Curators take turns: the role comes and goes with the clock, and what was given by hand stays."""

from datetime import timedelta

import pytest

from community.errors import Conflict, Forbidden, Invalid
from community.models import Grant, InboxItem, Member
from community.rules import clock
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.curating import fresh, recorded
from threads.actions.claims import claim
from threads.actions.practice_duties import take_turns
from threads.actions.reviews import start_review
from threads.actions.terms import begin_term, cancel_term, end_term, plan_term
from threads.models import CuratorTerm, Review
from threads.queries.terms import terms_visible_to

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)


def planned(cast: Cast, member: Member, *, days: tuple[float, float] = (-1, 1)) -> CuratorTerm:
    """A term of a member in the lobby, so many days from now; as if it had been planned in time."""
    now = clock.now()
    return CuratorTerm.objects.create(
        space=cast.spaces["lobby"],
        member=member,
        starts_at=now + days[0] * DAY,
        ends_at=now + days[1] * DAY,
        by=cast.nia,
    )


def curates(cast: Cast, member: Member) -> bool:
    return Grant.objects.filter(member=member, role=Grant.Role.CURATOR, space=cast.spaces["lobby"]).exists()


def over(term: CuratorTerm) -> None:
    CuratorTerm.objects.filter(pk=term.pk).update(starts_at=clock.now() - 9 * DAY, ends_at=clock.now() - DAY / 24)


def test_the_role_comes_and_goes(cast: Cast) -> None:
    term, later = planned(cast, cast.zoe), planned(cast, cast.finn, days=(1, 2))
    assert take_turns() == 1
    assert take_turns() == 0
    assert (curates(cast, cast.zoe), curates(cast, cast.finn)) == (True, False)
    practice = recorded(cast)
    review = start_review(by=cast.zoe, practice=practice)
    over(term)
    assert take_turns() == 1
    assert take_turns() == 0
    assert not curates(cast, cast.zoe)
    assert fresh(practice).claimed_by is None, "others can go on"
    assert Review.objects.get(pk=review.pk).state == "open"
    kinds = InboxItem.objects.filter(member=cast.zoe, subject=f"term:{term.pk}").order_by("pk")
    assert [row.kind for row in kinds] == ["term-begins", "term-ends"]
    assert CuratorTerm.objects.get(pk=later.pk).began_at is None
    assert "Curator of Lobby" in signed_in(cast.zoe).get("/inbox/").content.decode()


def test_what_was_given_by_hand_stays(cast: Cast) -> None:
    term = planned(cast, cast.cleo)
    practice = claim(by=cast.cleo, practice=recorded(cast))
    take_turns()
    over(term)
    take_turns()
    assert curates(cast, cast.cleo)
    assert fresh(practice).claimed_by == cast.cleo
    assert CuratorTerm.objects.get(pk=term.pk).ended_at is not None


def test_it_goes_over_to_the_next_term(cast: Cast) -> None:
    first, second = planned(cast, cast.zoe), planned(cast, cast.zoe, days=(-1, 3))
    take_turns()
    over(first)
    take_turns()
    assert curates(cast, cast.zoe)
    over(second)
    take_turns()
    assert not curates(cast, cast.zoe)


def test_nobody_who_left_gets_it(cast: Cast) -> None:
    term = planned(cast, cast.sam)
    assert take_turns() == 0
    assert not curates(cast, cast.sam)
    assert CuratorTerm.objects.get(pk=term.pk).ended_at is not None


def test_nothing_happens_before_its_time_or_twice(cast: Cast) -> None:
    term = planned(cast, cast.zoe, days=(1, 2))
    assert not begin_term(term_id=term.pk)
    assert not end_term(term_id=term.pk)
    assert not begin_term(term_id=0)
    assert not curates(cast, cast.zoe)


def test_administrators_plan_and_take_back(cast: Cast) -> None:
    now = clock.now()
    lobby, zoe = cast.spaces["lobby"], cast.zoe
    for who in ("cleo", "mo", "olga"):
        with pytest.raises(Forbidden):
            plan_term(by=getattr(cast, who), space=lobby, member=zoe, starts_at=now, ends_at=now + DAY)
    for starts, ends in ((now, now), (now, now - DAY), (now - 2 * DAY, now - DAY)):
        with pytest.raises(Invalid):
            plan_term(by=cast.nia, space=lobby, member=zoe, starts_at=starts, ends_at=ends)
    with pytest.raises(Invalid):
        plan_term(by=cast.nia, space=cast.spaces["lobby"], member=cast.sam, starts_at=now, ends_at=now + DAY)
    term = plan_term(by=cast.nia, space=lobby, member=zoe, starts_at=now, ends_at=now + DAY)
    with pytest.raises(Conflict):
        plan_term(by=cast.nia, space=lobby, member=zoe, starts_at=now + DAY / 2, ends_at=now + 2 * DAY)
    plan_term(by=cast.nia, space=lobby, member=zoe, starts_at=now + DAY, ends_at=now + 2 * DAY)
    take_turns()
    with pytest.raises(Forbidden):
        cancel_term(by=cast.zoe, term=term)
    cancel_term(by=cast.nia, term=term)
    assert not curates(cast, cast.zoe)
    with pytest.raises(Conflict):
        cancel_term(by=cast.nia, term=term)


def test_who_sees_which(cast: Cast) -> None:
    term = planned(cast, cast.finn)
    other = CuratorTerm.objects.create(
        space=cast.spaces["workshop"], member=cast.ben, starts_at=clock.now(), ends_at=clock.now() + DAY, by=cast.nia
    )
    seen = {who: set(terms_visible_to(getattr(cast, who))) for who in ("nia", "cleo", "finn", "ben", "ada")}
    assert seen == {"nia": {term, other}, "cleo": {term}, "finn": {term}, "ben": {other}, "ada": set()}


def test_planning_on_the_page(cast: Cast) -> None:
    today = clock.now().date()
    typed = {
        "space": "lobby", "member": "zoe", "starts_on": f"{today}", "ends_on": f"{today + 6 * DAY}",
    }  # fmt: skip
    nia = signed_in(cast.nia)
    assert signed_in(cast.cleo).post("/desk/terms/", typed).status_code == 403
    assert nia.post("/desk/terms/", typed | {"member": "nobody"}).status_code == 422
    answer = nia.post("/desk/terms/", typed | {"ends_on": f"{today - 9 * DAY}"})
    assert "Choose an end" in answer.content.decode()
    assert nia.post("/desk/terms/", typed).status_code == 302
    term = CuratorTerm.objects.get()
    assert term.ends_at - term.starts_at == 7 * DAY
    take_turns()
    assert "Your term in Lobby ends" in signed_in(cast.zoe).get("/desk/").content.decode()
    assert signed_in(cast.cleo).post(f"/desk/terms/{term.pk}/ending/").status_code == 302
    assert curates(cast, cast.zoe), "curators see it and do not end it"
    nia.post(f"/desk/terms/{term.pk}/ending/")
    assert not curates(cast, cast.zoe)
