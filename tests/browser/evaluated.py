"""Pages of evaluations on the demo's site: what Ada has, and what Nia is asked to look at."""

from datetime import timedelta

from community.models import Member
from community.rules import clock
from reputation.models import Evaluation
from threads.models import Thread


def pages_of_evaluations(thread: Thread) -> dict[str, str]:
    """Ada's: rating those of a thread, what others say of her, and whom she coaches."""
    note = Evaluation.objects.filter(rated__handle="ada", note_to="person").earliest("pk")
    Evaluation.objects.filter(pk=note.pk).update(shown_from=clock.now() - timedelta(days=1))
    rate = f"{thread.get_absolute_url()}evaluate/"
    return {
        "thread-evaluate": rate, "thread-evaluate, form": f"{rate}?member=ben",
        "evaluations": "/people/me/evaluations/",
        "evaluation-note": f"/people/me/evaluations/notes/{note.key}/", "coaching": "/coaching/",
        "coached": "/coaching/tomas/",
        "member-profile": "/people/ada/profile/?period=all&months=24",
        "profile-evidence": "/people/ada/profile/evidence/",
        "member-profile, peers": "/people/zoe/profile/?period=all",
    }  # fmt: skip


def pages_of_note_reviews() -> dict[str, str]:
    """Nia's: a note under review, and who coaches whom."""
    from threads.actions.note_reviews import answer_note

    note = Evaluation.objects.filter(rated__handle="ben", note_to="person").exclude(rater__handle="nia").earliest("pk")
    Evaluation.objects.filter(pk=note.pk).update(shown_from=clock.now() - timedelta(days=1))
    ben = Member.objects.get(handle="ben")
    review = answer_note(by=ben, evaluation=note, answer="review", words="It is all in the second post.")
    return {
        "note-reviews": "/evaluations/reviews/", "note-review": f"/evaluations/reviews/{review.pk}/",
        "organization-coaches": "/organization/coaches/", "leaderboard": "/organization/leaderboard/",
    }  # fmt: skip


def pages_of_patterns() -> dict[str, str]:
    """Nia's: two patterns in giving, of one of which she looked at the evidence."""
    from reputation.actions.flagging import look_at
    from threads.actions.patterns import find_patterns

    Member.objects.update(joined_at=clock.now() - timedelta(days=400))
    for one, other in (("ada", "zoe"), ("ben", "cleo")):
        _give(one, other)
        _give(other, one)
    looked, closed = find_patterns()[:2]
    look_at(by=Member.objects.get(handle="nia"), flag=looked)
    pages = {"patterns": "/moderation/patterns/", "pattern-looks": "/moderation/patterns/looks/"}
    return pages | {
        "pattern": f"{pages['patterns']}{looked.pk}/",
        "pattern, closed": f"{pages['patterns']}{closed.pk}/",
    }


def _give(giver: str, receiver: str) -> None:
    from reputation.actions.awards import About, grant
    from reputation.models import Award

    by, to = Member.objects.get(handle=giver), Member.objects.get(handle=receiver)
    for number in range(7):
        name = f"seed:{giver}-{receiver}-{number}"
        given = grant(member=to, rule=Award.Rule.HELPED, cause=name, subject="post:1", about=About(), giver=by)
        if given is not None:
            Award.objects.filter(pk=given.pk).update(at=clock.now() - timedelta(days=number))
