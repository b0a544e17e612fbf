"""Telling members of what came to fit a search that they keep. For the worker.

What it costs depends on what was written and on who is told, never on how many searches are kept: each is found by one
rare thing that it asks for.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import Count

from community.actions.duties import each, put_off
from community.actions.inbox import notify
from community.events import action
from community.events.duties import every
from community.events.reactors import describe_with, see_with
from community.models import Member
from community.rules import clock
from community.rules.rows import insert_all
from threads.facts.saved import SAVED_FOUND, SAVED_MORE
from threads.models import SHELF_OF, IndexWork, SavedHit, SavedSearch
from threads.queries.audience import viewers_of
from threads.queries.fresh import Fresh, asked_for, fresh_of, work_waiting
from threads.queries.saved import Found, MoreFound, hits_before
from threads.queries.saved_hits import Hit, hits_among
from threads.rules.limits import MOST_FOUND_A_DAY
from threads.rules.search_match import keys_of

TELLING = "tell of what saved searches find"
MOST_ROUNDS = 20
MOST_AT_ONCE = 500  # searches
KEPT_FOR = timedelta(days=400)


def tell_saved() -> int:
    """Ask those who keep a search for what was written since; says how much was looked at."""
    done = 0
    for _round in range(MOST_ROUNDS):
        work = work_waiting(besides=put_off(TELLING))
        if not work:
            break
        wanted = asked_for(work)
        done += _dismiss(work_ids=[row.pk for row in work if row.pk not in wanted])
        done += each(TELLING, sorted(wanted), _tell_whole)
    return done


@action
def _dismiss(*, work_ids: Collection[int]) -> int:
    """Leave what no search asks for."""
    return IndexWork.objects.filter(pk__in=work_ids).delete()[0] if work_ids else 0


def _tell_whole(work_id: int) -> int:
    while tell_of(work_id=work_id):
        pass
    return 1


@action
def tell_of(*, work_id: int) -> bool:
    """Tell the members of the next searches that something fits, as far as they see it; whether there are more.

    Each thing is told a member once. The searches stay locked till it is done, so none is dropped meanwhile.
    """
    work = IndexWork.objects.select_for_update(no_key=True).filter(pk=work_id).first()
    if work is None:
        return False
    fresh = fresh_of(work)
    keys = {key for one in fresh for key in keys_of(one.facts)}
    rows = SavedSearch.objects.select_for_update(no_key=True, of=("self",)).select_related("member")
    found = list(rows.filter(notifies=True, key__in=keys, pk__gt=work.after).order_by("pk")[:MOST_AT_ONCE])
    _tell(fresh, hits_among(found, fresh, moved=frozenset(work.moved.split(",")) - {""}))
    if len(found) < MOST_AT_ONCE:
        work.delete()
        return False
    work.after = found[-1].pk
    work.save(update_fields=["after"])
    return True


def _tell(fresh: list[Fresh], hits: list[Hit]) -> None:
    if not hits:
        return
    thing, kind = fresh[0].thing, fresh[0].facts.kind
    seeing = _seeing(fresh[0], {hit.search.member_id for hit in hits})
    told = SavedHit.objects.filter(search__member__in=seeing, kind=kind, subject_id=thing.pk)
    known = list(told.values_list("search_id", "search__member_id", "noticed"))
    searches, members = {row[0] for row in known}, {row[1] for row in known if row[2]}
    new = [hit for hit in hits if hit.search.member_id in seeing and hit.search.pk not in searches]
    first = {hit.search.member_id: hit for hit in reversed(new) if hit.search.member_id not in members}
    today = _told_today(first)
    noticed = {member: hit for member, hit in first.items() if today.get(member, 0) < MOST_FOUND_A_DAY}
    now = clock.now()
    insert_all([
        SavedHit(
            search_id=hit.search.pk, kind=kind, subject_id=thing.pk, place=hit.place, at=now,
            noticed=noticed.get(hit.search.member_id) is hit,
        )
        for hit in new
    ])  # fmt: skip
    name = f"{kind}:{thing.pk}"
    notify(recipients=noticed, kind=SAVED_FOUND, subject=name, target=f"saved_{name}", actor=None, key=f"saved:{name}")
    _tell_of_more(first.keys() - noticed.keys())


def _seeing(fresh: Fresh, members: Collection[int]) -> set[int]:
    """Those of the members who see the thing, locked so that nobody is told of more a day than that."""
    people = viewers_of(fresh.thing, Member.objects.filter(pk__in=members, source_site=""))
    locked = people.order_by("pk").select_for_update(no_key=True, of=("self",))
    return set(locked.values_list("pk", flat=True))


def _told_today(members: Iterable[int]) -> dict[int, int]:
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    noticed = SavedHit.objects.filter(search__member__in=list(members), noticed=True, at__gte=today)
    return dict(noticed.order_by().values_list("search__member_id").annotate(Count("pk")))


def _tell_of_more(members: Collection[int]) -> None:
    """Say once a day that there is more than is told."""
    name = f"saved_more:{clock.now():%Y%m%d}"
    notify(recipients=members, kind=SAVED_MORE, subject=name, target=name, actor=None, key=name)


@action
def _forget(*, hit_ids: Collection[int]) -> int:
    return SavedHit.objects.filter(pk__in=hit_ids).delete()[0]


def forget_told() -> int:
    """Forget what was told long ago."""
    done = 0
    while hits := hits_before(clock.now() - KEPT_FOR):
        done += _forget(hit_ids=hits)
    return done


def register() -> None:
    """Have the worker tell, and inboxes say what; called once at start-up."""
    for kind in SHELF_OF:
        found = Found(kind)
        describe_with(f"saved_{kind}", found.describe, found)
    more = MoreFound()
    describe_with("saved_more", more.describe, more)
    see_with("saved_more", more.seen_by)
    every(5, TELLING, tell_saved)
    every(3600, "forget what saved searches told", forget_told)
