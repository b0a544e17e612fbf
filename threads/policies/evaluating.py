"""Who rates whose part in a thread, and who looks into a note about which somebody asked."""

from django.db.models import Q, QuerySet

from community.models import Grant, Member
from reputation.models import NoteAnswer
from threads.models import HandOver, Helper, Post, Thread
from threads.policies.audience import may_see


def took_part(thread: Thread) -> QuerySet[Member]:
    """Who asked, replied, helped, owned or handed it over, in what was not deleted, and can be asked still."""
    wrote = Post.objects.filter(thread=thread, deleted_at__isnull=True).order_by().values("author")
    helped = Helper.objects.filter(thread=thread).order_by().values("member")
    handed = HandOver.objects.filter(thread=thread, state=HandOver.State.ACCEPTED).order_by()
    had_it = Q(pk__in=handed.values("by")) | Q(pk__in=handed.values("answered_by"))
    had_part = Q(pk__in=[thread.author_id, thread.owner_id or 0]) | Q(pk__in=wrote) | Q(pk__in=helped) | had_it
    return Member.objects.filter(had_part, is_active=True, source_site="")


def may_evaluate(member: Member, thread: Thread) -> bool:
    """Whoever took part in a thread that is resolved or closed rates the others, while they see it."""
    if thread.is_unresolved or not may_see(member, thread):
        return False
    return took_part(thread).filter(pk=member.pk).exists()


def may_be_evaluated(member: Member, thread: Thread, post: Post | None) -> bool:
    """Whoever took part, for that; the author of a post of the thread, for the post, unless it was deleted."""
    if post is not None:
        mine = post.thread_id == thread.pk and post.author_id == member.pk
        if not mine or post.deleted_at is not None:
            return False
    return took_part(thread).filter(pk=member.pk).exists()


def may_review_note(member: Member, answer: NoteAnswer, thread: Thread) -> bool:
    """Moderators of the thread's space who see the thread, unless the note is theirs or about them."""
    if answer.answer != NoteAnswer.Answer.REVIEW or not may_see(member, thread):
        return False
    if member.pk in (answer.evaluation.rater_id, answer.evaluation.rated_id):
        return False
    return moderates(member, thread.space_id)


def moderates(member: Member, space_id: int) -> bool:
    """Whether the member moderates the space."""
    granted = Grant.objects.filter(member=member, role=Grant.Role.MODERATOR, space=space_id)
    return member.is_active and (member.is_superuser or granted.exists())
