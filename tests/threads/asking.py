"""Help for the tests of asking for help: a clock, and a crowd that can be asked."""

from datetime import UTC, datetime, time, timedelta

from community.models import Center, Member, Reach, Space
from reputation.models import Standing
from tests.cast import Cast
from threads.actions.threads import open_thread
from threads.models import Asked, HelpRequest, Thread

# A Wednesday, at ten in the morning.
MORNING = datetime(2026, 11, 18, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def everybody_works(cast: Cast) -> None:
    """Centers and people are there round the clock."""
    Center.objects.update(opens_at=time(0), closes_at=time(0), working_days=[1, 2, 3, 4, 5, 6, 7])
    for member in cast.people.values():
        works(member)


def works(member: Member, opens: int = 0, closes: int = 0, **said: object) -> Reach:
    """The member's hours, in UTC, every day."""
    Member.objects.filter(pk=member.pk).update(time_zone="UTC")
    hours = {"opens_at": time(opens), "closes_at": time(closes), "working_days": [1, 2, 3, 4, 5, 6, 7]}
    return Reach.objects.update_or_create(member=member, defaults={**hours, **said})[0]


def knows(member: Member, points: int, tag: str = "dns") -> None:
    """The member earned so much for the tag."""
    Standing.objects.create(member=member, scope=f"tag:{tag}", points=points, awards=1)


def problem(cast: Cast, space: str = "lobby", severity: int = 3, **more: object) -> Thread:
    """A thread that Ada asks, about DNS."""
    place: Space = cast.spaces[space]
    return open_thread(
        by=cast.ada, space=place, title="Names do not resolve", body="Since noon.", tags=["dns"],
        severity=severity, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def answers(request: HelpRequest) -> list[tuple[str, str]]:
    """Who was asked, in order, and what they answered."""
    rows = Asked.objects.filter(request=request).order_by("place")
    return [(row.member.handle, row.answer) for row in rows.select_related("member")]
