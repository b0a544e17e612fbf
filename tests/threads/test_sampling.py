"""Samples: drawn by chance that can be repeated, scored by others, told to who wrote it, blind to what is hidden."""

from datetime import timedelta

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import Grant, InboxItem
from community.rules import clock
from reputation.models import Award
from reputation.queries.standing import standing_of
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.curating import fresh, recorded
from threads.actions.resolution import reopen
from threads.actions.retiring import retire
from threads.actions.sampling import draw_sample, score_sample
from threads.models import Practice, Sample, SamplingRound, Thread
from threads.queries.sampling import results_of, rounds_listed_for, sample_visible_to, samples_of
from threads.rules.sampling import AGAIN_AFTER, criteria

pytestmark = pytest.mark.both_databases

MONTH = timedelta(days=30)


def drawn(cast: Cast, *, size: int = 10, kind: str = "", seed: int | None = None) -> SamplingRound:
    """A draw of Cleo's in the lobby, of the last month."""
    since = clock.now() - MONTH
    return draw_sample(by=cast.cleo, space=cast.spaces["lobby"], size=size, since=since, kind=kind, seed=seed)


def answers(*, of_thread: bool = False, **besides: str) -> dict[str, str]:
    """Yes to every question, with what is said besides."""
    return dict.fromkeys(criteria(of_thread=of_thread), "yes") | besides


def test_a_draw_can_be_repeated(cast: Cast) -> None:
    for number in range(6):
        recorded(cast, f"Mail loops, case {number}")
    rounds = [drawn(cast, size=4, seed=7), drawn(cast, size=4, seed=7)]
    chosen = [list(each.samples.values_list("practice_id", "thread_id")) for each in rounds]
    assert chosen[0] == chosen[1]
    assert len(chosen[0]) == 4
    assert drawn(cast).seed != drawn(cast).seed


def test_it_is_drawn_from_what_is_finished_lately_and_seen(cast: Cast) -> None:
    names = ("one", "two", "three", "four")
    practice, retired, old, open_again = (recorded(cast, f"Mail loops, {name}") for name in names)
    secret = recorded(cast, "Relay of Northwind", audience="organization")
    elsewhere = recorded(cast, "Mail is slow", space="alliance")
    retire(by=cast.cleo, practice=retired, reason="Out of date.")
    Practice.objects.filter(pk=old.pk).update(updated_at=clock.now() - 2 * MONTH)
    assert open_again.thread is not None
    reopen(by=cast.ada, thread=open_again.thread, reason="It is back.")
    practices = set(drawn(cast, kind="practices").samples.values_list("practice_id", flat=True))
    assert practices == {practice.pk, open_again.pk}
    threads = set(drawn(cast, kind="threads").samples.values_list("thread_id", flat=True))
    assert threads == {practice.thread_id, retired.thread_id, old.thread_id}
    both = drawn(cast, size=50)
    assert both.samples.count() == 5
    assert not both.samples.filter(practice__in=[secret, elsewhere]).exists()


def test_who_draws_and_what_cannot_be(cast: Cast) -> None:
    with pytest.raises(Conflict):
        drawn(cast)
    recorded(cast)
    for size in (0, 51):
        with pytest.raises(Invalid):
            drawn(cast, size=size)
    with pytest.raises(Invalid):
        drawn(cast, kind="members")
    for who in ("ada", "mo", "olga", "zoe"):
        with pytest.raises(Forbidden):
            draw_sample(by=getattr(cast, who), space=cast.spaces["lobby"], size=1, since=clock.now() - MONTH)


def test_a_score_counts_what_applies_and_tells_who_wrote_it(cast: Cast) -> None:
    practice = recorded(cast)
    sample = drawn(cast, kind="practices").samples.get()
    score_sample(by=cast.cleo, sample=sample, scores=answers(short="no", unique="na"), comment="Shorter, please.")
    scored = Sample.objects.get(pk=sample.pk)
    assert (scored.score, scored.scorer, scored.comment) == (83, cast.cleo, "Shorter, please.")
    assert standing_of(cast.cleo) == 5
    told = InboxItem.objects.filter(kind="sample-scored")
    assert [row.member for row in told] == [cast.ben]
    assert f"/desk/samples/items/{sample.pk}/" in signed_in(cast.ben).get("/inbox/").content.decode()
    assert "Shorter, please." in signed_in(cast.ben).get(f"/desk/samples/items/{sample.pk}/").content.decode()
    for other in (cast.ada, cast.zoe, cast.mo):
        assert sample_visible_to(other, sample.pk) is None
    with pytest.raises(Conflict):
        score_sample(by=cast.cleo, sample=sample, scores=answers())
    assert fresh(practice).version == 1


def test_scoring_the_same_again_soon_earns_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what another curator was rewarded for lately; and only so many on one day."""
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    recorded(cast)
    for who in (cast.cleo, cast.cleo, cast.zoe):
        score_sample(by=who, sample=drawn(cast, kind="practices").samples.get(), scores=answers())
    assert (standing_of(cast.cleo), standing_of(cast.zoe)) == (5, 0)
    Award.objects.update(at=clock.now() - AGAIN_AFTER - timedelta(hours=1))
    score_sample(by=cast.zoe, sample=drawn(cast, kind="practices").samples.get(), scores=answers())
    assert standing_of(cast.zoe) == 5
    monkeypatch.setattr("threads.actions.sampling.MOST_AWARDED_A_DAY", 2)
    for number in range(3):
        recorded(cast, f"Mail loops, case {number}")
    for sample in drawn(cast, kind="threads").samples.all():
        score_sample(by=cast.zoe, sample=sample, scores=answers(of_thread=True))
    assert standing_of(cast.zoe) == 10


def test_nobody_scores_what_they_have_a_part_in(cast: Cast) -> None:
    Grant.objects.create(member=cast.ada, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    recorded(cast)
    for sample in drawn(cast).samples.all():
        with pytest.raises(Forbidden):
            score_sample(by=cast.ada, sample=sample, scores=answers(of_thread=sample.thread_id is not None))
    with pytest.raises(NotThere):
        score_sample(by=cast.zoe, sample=sample, scores=answers())


def test_nobody_scores_the_thread_they_own(cast: Cast) -> None:
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    recorded(cast)
    sample = drawn(cast, kind="threads").samples.get()
    Thread.objects.update(owner=cast.olga)
    with pytest.raises(Forbidden):
        score_sample(by=cast.olga, sample=sample, scores=answers(of_thread=True))


def test_every_question_is_answered(cast: Cast) -> None:
    recorded(cast)
    sample = drawn(cast, kind="threads").samples.get()
    for said in ({}, answers(of_thread=True, searched="maybe"), answers()):
        with pytest.raises(Invalid):
            score_sample(by=cast.cleo, sample=sample, scores=said)
    score_sample(by=cast.cleo, sample=sample, scores=dict.fromkeys(criteria(of_thread=True), "na"))
    assert Sample.objects.get(pk=sample.pk).score is None


def test_what_is_hidden_later_is_neither_shown_nor_counted(cast: Cast) -> None:
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    practice = recorded(cast)
    recorded(cast, "Mail is slow")
    made = drawn(cast, kind="practices")
    for sample in made.samples.all():
        score_sample(by=cast.cleo, sample=sample, scores=answers())
    assert [(each.seen, each.scored) for each in rounds_listed_for(cast.zoe)] == [(2, 2)]
    (before,) = results_of(cast.zoe)
    assert {counts for row in before.rows for counts in row.by_month.values()} == {(2, 2)}
    Practice.objects.filter(pk=practice.pk).update(audience="organization")
    assert [row.practice.title for row in samples_of(cast.zoe, made)] == ["Mail is slow"]  # type: ignore[union-attr]
    assert [(each.seen, each.scored) for each in rounds_listed_for(cast.zoe)] == [(1, 1)]
    (after,) = results_of(cast.zoe)
    assert {counts for row in after.rows for counts in row.by_month.values()} == {(1, 1)}
    hidden = made.samples.get(practice=practice)
    zoe = signed_in(cast.zoe)
    assert zoe.get(f"/desk/samples/items/{hidden.pk}/").status_code == 404
    for address in ("/desk/samples/", f"/desk/samples/{made.pk}/"):
        assert practice.title not in zoe.get(address).content.decode()


def test_on_its_pages(cast: Cast) -> None:
    practice = recorded(cast)
    cleo = signed_in(cast.cleo)
    assert cleo.post("/desk/samples/", {"space": "workshop", "size": "5", "days": "9"}).status_code == 422
    assert cleo.post("/desk/samples/", {"space": "lobby", "size": "99", "days": "9"}).status_code == 422
    typed = {"space": "lobby", "size": "5", "days": "9", "kind": "practices"}
    made = cleo.post("/desk/samples/", typed)
    sample = Sample.objects.get()
    assert made["Location"] == f"/desk/samples/{sample.round_id}/"
    assert practice.title in cleo.get(made["Location"]).content.decode()
    address = f"/desk/samples/items/{sample.pk}/"
    page = cleo.get(address).content.decode()
    assert 'name="unique"' in page
    assert "checked" in page, "what the standard itself can tell is answered to begin with"
    unsaid = cleo.post(address, {"comment": "Well written."})
    assert unsaid.status_code == 422
    assert "Well written." in unsaid.content.decode()
    assert cleo.post(address, answers() | {"comment": "Well written."}).status_code == 302
    assert "100 %" in cleo.get(address).content.decode()
    assert "1 / 1" in cleo.get("/desk/samples/").content.decode()
    for who in (cast.zoe, cast.ada):
        assert signed_in(who).get(made["Location"]).status_code == 404
        assert signed_in(who).get("/desk/samples/").status_code == 403
