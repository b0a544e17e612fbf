"""Whatever people and moderators do in whatever order: what stands has its cause, and what has its cause stands."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from community.actions.members import reinstate, suspend
from community.errors import Refused
from community.models import Member
from community.rules import clock
from reputation.actions.flagging import look_at
from reputation.models import Award, Flag, FlagAward, Vote
from tests.cast import Cast
from tests.reputation.suspending import counters_hold, settle_all
from tests.threads.asking import HOUR, MORNING, everybody_works, problem
from tests.threads.curating import fresh, recorded
from tests.threads.test_answered import asked
from threads.actions import patterns
from threads.actions.merging import merge_practices, unmerge
from threads.actions.patterns import decide_about_pattern
from threads.actions.posts import delete_post, post_reply, restore_post
from threads.actions.resolution import reopen, resolve
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.votes import vote
from threads.models import Post, Resolution, Reuse, Thread
from threads.queries.answered import helped_after

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

STEPS = 24
Step = Callable[[], object]


@pytest.fixture(autouse=True)
def _wednesday(cast: Cast) -> Iterator[None]:
    with clock.at(MORNING):
        everybody_works(cast)
        yield


def now(member: Member) -> Member:
    return Member.objects.select_related("organization").get(pk=member.pk)


def flag_of(award: Award) -> Flag:
    """The pattern that names one award; found once."""
    made, new = Flag.objects.get_or_create(
        key=f"of {award.pk}", defaults={"kind": Flag.Kind.SERIAL, "gifts": 9, "newest_at": award.at}
    )
    if new:
        made.members.set([award.member_id, award.giver_id or 0])
        FlagAward.objects.create(flag=made, award=award)
    return made


def moderate(cast: Cast, chance: random.Random) -> None:
    """Nia has what was given, and stands or was withdrawn by her, withdrawn or given back."""
    named = Award.objects.filter(named_in__withdrawn_at__isnull=False)
    given = Award.objects.filter(giver__isnull=False, reverses=None, reversal=None)
    rows = list((given | named).distinct().order_by("pk")) if chance.random() else []
    if not rows:
        return
    flag = flag_of(chance.choice(rows))
    look_at(by=cast.nia, flag=flag)
    state = "dismissed" if flag.state == Flag.State.ACTED else "acted"
    decide_about_pattern(by=cast.nia, flag=flag, state=state, reason="So it is.", version=flag.version)
    while patterns.settle_waiting():
        pass


def withdrawn(award: Award) -> bool:
    """Whether moderators withdrew what the cause of an award gave."""
    cause = award.cause.partition("#")[0]
    return FlagAward.objects.filter(award__cause__startswith=f"{cause}#", flag__state=Flag.State.ACTED).exists()


def standing(rule: str) -> list[Award]:
    return list(Award.objects.filter(rule=rule, reverses=None, reversal=None).order_by("pk"))


@pytest.mark.parametrize("seed", range(12))
def test_in_a_thread(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    thread = problem(cast)
    row = asked(cast, thread)
    with clock.at(MORNING + HOUR):
        posts = [post_reply(by=cast.ben, thread=thread, body=f"Try number {number}.") for number in range(2)]
    thread.refresh_from_db()
    Thread.objects.filter(pk=thread.pk).update(owner=cast.ben)

    def any_post() -> Post:
        return Post.objects.get(pk=chance.choice(posts).pk)

    def solve(by: Member) -> None:
        chosen = [any_post()] if chance.random() < 0.6 else []
        resolve(by=by, thread=thread, posts=chosen, summary="The zone was signed anew.")

    steps: dict[str, Step] = {
        "vote": lambda: vote(by=now(cast.zoe), post=any_post(), value=True),
        "unvote": lambda: vote(by=now(cast.zoe), post=any_post(), value=False),
        "delete": lambda: delete_post(by=cast.ben, post=any_post()),
        "restore": lambda: restore_post(by=cast.ben, post=any_post()),
        "solve": lambda: solve(cast.ada),
        "solve oneself": lambda: solve(cast.ben),
        "reopen": lambda: reopen(by=cast.ada, thread=thread),
        "suspend": lambda: suspend(by=cast.nia, member=now(cast.zoe)),
        "reinstate": lambda: reinstate(by=cast.nia, member=now(cast.zoe)),
        "moderate": lambda: moderate(cast, chance),
    }
    done = walked(steps, chance, after=2 * HOUR)
    by_ada = Resolution.objects.filter(thread=thread, reopened_at=None, resolved_by=cast.ada).first()
    solutions = set(by_ada.posts.values_list("pk", flat=True)) if by_ada else set()
    assert {post_of(award) for award in standing("solution")} <= solutions, done
    helped = by_ada is not None and helped_after(thread, until=by_ada.resolved_at).filter(pk=row.pk).exists()
    assert len(standing("answered")) <= helped, done
    voted = Vote.objects.filter(voter=cast.zoe, withheld_at=None, post__deleted_at=None).values_list("post", flat=True)
    rows = {pk: Award.objects.filter(subject=f"post:{pk}", rule="helped", reverses=None)[0] for pk in voted}
    stand = {pk for pk, last in rows.items() if not withdrawn(last)}
    assert {post_of(award) for award in standing("helped")} == stand, done


def post_of(award: Award) -> int:
    return int(award.subject.partition(":")[2])


@pytest.mark.parametrize("seed", range(8))
def test_with_practices_that_are_used_merged_and_taken_apart(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    practices = [recorded(cast, f"Mail goes round {number}") for number in range(2)]
    threads = [problem(cast) for _number in range(2)]

    def merge() -> None:
        source, target = chance.sample(practices, 2)
        target = fresh(target)
        merge_practices(by=cast.nia, source=fresh(source), target=target, reason="The same.", version=target.version)

    steps: dict[str, Step] = {
        "use": lambda: use_practice(
            by=now(cast.zoe), thread=chance.choice(threads), practice=fresh(chance.choice(practices))
        ),
        "withdraw": lambda: withdraw_use(
            by=now(cast.zoe), thread=chance.choice(threads), practice=fresh(chance.choice(practices))
        ),
        "merge": merge,
        "unmerge": lambda: unmerge(by=cast.nia, practice=fresh(chance.choice(practices)), reason="They differ."),
        "suspend": lambda: suspend(by=cast.nia, member=now(cast.zoe)),
        "reinstate": lambda: reinstate(by=cast.nia, member=now(cast.zoe)),
        "moderate": lambda: moderate(cast, chance),
    }
    done = walked(steps, chance, after=2 * HOUR)
    for maker in (cast.ben, cast.ada):
        for thread in threads:
            uses = Reuse.objects.filter(thread=thread)
            held = [award for award in standing("reused") if award.member_id == maker.pk]
            here = [award for award in held if uses.filter(pk=award.subject.partition(":")[2]).exists()]
            assert len(here) <= uses.filter(until=None).count(), done
    if not now(cast.zoe).is_active:
        assert standing("reused") == [], done


def walked(steps: dict[str, Step], chance: random.Random, *, after: timedelta) -> list[str]:
    """Some of the steps, one after the other; what is refused changes nothing."""
    done: list[str] = []
    for number in range(STEPS):
        name = chance.choice(list(steps))
        with clock.at(MORNING + after + timedelta(minutes=number)):
            try:
                steps[name]()
            except Refused:
                continue
            finally:
                settle_all()
        done.append(name)
        assert counters_hold(), done
    return done
