"""What threads keep of a member who was erased: what they wrote for others, without their name."""

from community.actions.erasure import rename_in
from community.events import thread_stream, withdraw_html
from community.events.reactors import MEMBER_ERASED, react_with
from community.models import Event, Member
from threads.actions.career import forget_records
from threads.models import Deflection, Draft, Post, SavedSearch, Subscription, TimelineEntry
from threads.rendering.fragments import post_fragment


def forget_member(*, member: Member, was: Member) -> None:
    """Take away what is only theirs, and have everything that names them name nobody. For a reactor."""
    for model in (Draft, SavedSearch, Subscription):
        model.objects.filter(member=member).delete()
    Deflection.objects.filter(member=member).update(text="")
    forget_records(member=member)
    rename_in(TimelineEntry.objects.all(), was, member)
    _draw_again(member, was)


def _draw_again(member: Member, was: Member) -> None:
    """What the log shows of their posts shows them without their name."""
    shown = Event.objects.filter(html__contains=f"/people/{was.handle}/")
    told = {number for number in shown.values_list("data__post", flat=True) if isinstance(number, int)}
    posts = Post.objects.filter(pk__in=told, author=member).select_related("author", "organization")
    for post in posts.order_by("pk"):
        solves = post.resolutions.filter(reopened_at__isnull=True).exists()
        html = post_fragment(post, is_solution=solves)
        withdraw_html(thread_stream(post.thread_id), html=html, post=post.pk)


def register() -> None:
    """Have it done with every erasure; called once at start-up."""
    react_with(MEMBER_ERASED, forget_member)
