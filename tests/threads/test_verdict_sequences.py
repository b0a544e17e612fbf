"""Whatever is said, taken back, edited, answered, reopened or retired, in any order: what is stored of a practice
follows from its rows, reckoned here a second time and in another way.
"""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.errors import Refused
from community.events.reactors import MEMBER_MOVED, react
from community.models import Member
from tests.cast import Cast
from tests.threads.practicing import fresh, recorded
from threads.actions.deciding import decide_review
from threads.actions.governance import set_governance
from threads.actions.judging import rejudge_marked
from threads.actions.practice_duties import judge_marked
from threads.actions.practices import edit_practice
from threads.actions.resolution import reopen, resolve
from threads.actions.retiring import retire, unretire
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.threads import edit_thread, open_thread
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.models import Governance, Practice, Reuse, Review, Tag, Verdict
from threads.queries.governance import practices_to_rejudge

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WHY = "It did something else for us."
SPEAKERS = ("ada", "ben", "cleo", "zoe", "finn", "mo", "nia")
COMPANIES = ("acme", "brightline", "corax", "network")

Step = tuple[str, ...]
steps = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(SPEAKERS), st.sampled_from(Verdict.Kind.values)),
    st.tuples(st.just("say"), st.sampled_from(SPEAKERS), st.just("worked")),
    st.tuples(st.just("withdraw"), st.sampled_from(SPEAKERS)),
    st.tuples(st.just("move"), st.sampled_from(SPEAKERS[:5]), st.sampled_from(COMPANIES)),
    st.tuples(st.sampled_from(["use", "use", "unuse"]), st.sampled_from(SPEAKERS)),
    st.tuples(st.just("edit"), st.sampled_from(["reword", "rewrite"])),
    st.tuples(
        st.sampled_from(
            [
                *("answer", "approve", "reopen", "resolve", "close", "open"),
                *("retire", "unretire", "approval", "experience"),
            ]
        )
    ),
)


def say(cast: Cast, practice: Practice, name: str, kind: str) -> None:
    say_verdict(by=Member.objects.get(pk=cast.people[name].pk), practice=practice, kind=kind, note=WHY)


def withdraw(cast: Cast, practice: Practice, name: str) -> None:
    withdraw_verdict(by=cast.people[name], practice=practice)


def use(cast: Cast, practice: Practice, name: str) -> None:
    member = Member.objects.get(pk=cast.people[name].pk)
    thread = open_thread(by=member, space=cast.spaces["lobby"], title="Here too", body="Again.")
    use_practice(by=member, thread=thread, practice=practice)


def unuse(cast: Cast, practice: Practice, name: str) -> None:
    found = Reuse.objects.filter(practice=practice, by=cast.people[name], until=None).first()
    if found is not None:
        withdraw_use(by=found.by, thread=found.thread, practice=practice)


def move(cast: Cast, _practice: Practice, name: str, company: str) -> None:
    Member.objects.filter(pk=cast.people[name].pk).update(organization=cast.organizations[company], center=None)
    react(MEMBER_MOVED, member=cast.people[name])
    judge_marked()


def edit(cast: Cast, practice: Practice, how: str) -> None:
    text = {"reword": f"{practice.resolution} ", "rewrite": f"Replace part {practice.version} of the machine by hand."}
    edit_practice(by=cast.ben, practice=practice, fields={"resolution": text[how]}, version=practice.version)


def answer(cast: Cast, practice: Practice) -> None:
    decide(cast, practice, "kept")


def approve(cast: Cast, practice: Practice) -> None:
    decide(cast, practice, "approved")


def decide(cast: Cast, practice: Practice, outcome: str) -> None:
    review = Review.objects.exclude(state="closed").filter(practice=practice).first()
    if review is not None and (review.kind == "challenged") == (outcome == "kept"):
        decide_review(by=cast.nia, review=review, outcome=outcome, version=practice.version, reason="We looked at it.")


def open_again(cast: Cast, practice: Practice) -> None:
    assert practice.thread is not None
    reopen(by=cast.nia, thread=practice.thread, reason="It is back.")


def close_again(cast: Cast, practice: Practice) -> None:
    assert practice.thread is not None
    resolve(by=cast.nia, thread=practice.thread, summary="Gone again.")


def set_status(status: str) -> Callable[[Cast, Practice], None]:
    def act(cast: Cast, practice: Practice) -> None:
        assert practice.thread is not None
        edit_thread(by=cast.nia, thread=practice.thread, status=status)

    return act


def govern(mode: str) -> Callable[[Cast, Practice], None]:
    def act(cast: Cast, _practice: Practice) -> None:
        set_governance(by=cast.nia, space=None, tag=Tag.objects.get(slug="slow"), mode=mode, reason="A new rule.")
        for pk in practices_to_rejudge():
            rejudge_marked(practice_id=pk)

    return act


ACTS: dict[str, Callable[..., object]] = {
    "say": say, "withdraw": withdraw, "use": use, "unuse": unuse, "move": move, "edit": edit,
    "answer": answer, "approve": approve,
    "reopen": open_again, "resolve": close_again, "close": set_status("closed"), "open": set_status("open"),
    "retire": lambda cast, practice: retire(by=cast.nia, practice=practice, reason="Not used."),
    "unretire": lambda cast, practice: unretire(by=cast.nia, practice=practice, reason="Used again."),
    "approval": govern("compliance"), "experience": govern("experience"),
}  # fmt: skip


def expected(practice: Practice) -> dict[str, object]:
    """What has to be stored, from the rows."""
    standing = Verdict.objects.filter(practice=practice, superseded_at=None, version__gte=practice.judged_from)
    of: dict[int, list[Verdict]] = {}
    for row in standing.order_by("at", "pk"):
        of.setdefault(row.organization_id, []).append(row)
    said = {
        company: next((row for row in reversed(rows) if row.kind == "dangerous" and not row.answered_by_id), rows[-1])
        for company, rows in of.items()
    }
    kinds = [row.kind for row in said.values()]
    warned = any(row.kind == "dangerous" and not row.answered_by_id for row in said.values())
    uses = Reuse.objects.filter(practice=practice, until=None, practice_version__gte=practice.judged_from)
    used = len({row.by.organization_id for row in uses} - {practice.organization_id, *of})
    for_it = kinds.count("worked") + Fraction(3, 4) * kinds.count("changes") + Fraction(used, 4) + 2
    exact = 100 * for_it / (len(kinds) + kinds.count("dangerous") + Fraction(used, 4) + 4)
    score = int(exact + Fraction(1, 2))
    working = {company for company, row in said.items() if row.kind in {"worked", "changes"}}
    assert practice.thread is not None
    state = "not_validated"
    if practice.confidence == "archived":
        state = "archived"
    elif practice.thread.is_unresolved and not working - {practice.organization_id}:
        state = "work_in_progress"
    elif Governance.objects.filter(mode="compliance").exists():
        state = "validated" if practice.reviewed_version >= practice.judged_from and not warned else state
    elif len(working) >= 2 and score >= 60 and not warned:
        state = "validated"
    counts = {name: kinds.count(kind) for name, kind in zip(COUNTED, Verdict.Kind.values, strict=True)}
    return {"confidence": state, "score": score, "warned": warned, "used": used, **counts}


COUNTED = ("worked", "changed", "failed", "outdated", "dangerous")


def stored(practice: Practice) -> dict[str, object]:
    warned = practice.warned_at is not None
    counts = {name: getattr(practice, name) for name in COUNTED}
    return {
        "confidence": practice.confidence,
        "score": practice.score,
        "warned": warned,
        "used": practice.used,
        **counts,
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=9))
def test_what_is_stored_follows_from_the_rows(cast: Cast, found: list[Step]) -> None:
    with transaction.atomic():
        practice = recorded(cast)
        practice.tags.add(Tag.objects.create(slug="slow"))
        for verb, *words in found:
            with suppress(Refused):
                ACTS[verb](cast, fresh(practice), *words)
            now = fresh(practice)
            assert stored(now) == expected(now), (verb, *words)
            assert now.place == now.place_now()
            standing = Verdict.objects.filter(superseded_at=None)
            assert standing.count() == standing.values("member").distinct().count()
        transaction.set_rollback(True)
