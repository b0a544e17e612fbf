"""Pages of standing and mentoring on the demo's site: Ada learns from Ben, and is asked by Cleo."""

from community.models import Member
from reputation.actions.mentoring import answer_learner, offer_mentoring, say_it_helped
from reputation.models import Mentoring, Standing
from reputation.rules.points import THRESHOLDS
from threads.models import Practice, Thread


def pages_of_privileges(thread: Thread) -> dict[str, str]:
    """Ada's: the rules, what she lacks in a thread and a practice, her mentorings, and who mentors."""
    ada, ben, cleo = (Member.objects.get(handle=handle) for handle in ("ada", "ben", "cleo"))
    tag = thread.tags.first()
    slug = tag.slug if tag else "smtp"
    for mentor in (ada, ben):
        points = {"points": THRESHOLDS["mentor"], "awards": 1}
        Standing.objects.update_or_create(member=mentor, scope=f"tag:{slug}", defaults=points)
        offer_mentoring(by=mentor, offers=True)
    what = "How to read a queue, and what to do then."
    asked = Mentoring.objects.create(learner=ada, mentor=ben, scope=f"tag:{slug}", what=what)
    say_it_helped(by=ada, mentoring=answer_learner(by=ben, mentoring=asked, accept=True, note="On Fridays at three."))
    Mentoring.objects.create(learner=cleo, mentor=ada, scope=f"tag:{slug}", what=what)
    practice = Practice.objects.filter(audience="space", follows_record=False).earliest("pk")
    return {
        "standing": "/standing/", "thread-tidying": f"{thread.get_absolute_url()}tidying/",
        "practice-tags": f"{practice.get_absolute_url()}tags/", "mentoring": "/people/me/mentoring/",
        "mentors": f"/mentors/?tag={slug}", "mentor": "/mentors/ben/?tag=bounces",
    }  # fmt: skip
