"""Who may do what to a post. `rights` are those in its thread, found out when they are not given."""

from community.models import Member
from threads.models import Attachment, Post, Thread
from threads.policies.audience import is_in_audience
from threads.policies.rights import Rights, rights_in
from threads.policies.threads import may_reply, may_see


def may_edit(member: Member, post: Post, rights: Rights | None = None) -> bool:
    """Authors edit their posts while the thread is not closed; moderators edit any."""
    if post.deleted_at is not None:
        return False
    rights = rights or rights_in(member, post.thread)
    own = post.author_id == member.pk and post.thread.status != Thread.Status.CLOSED
    return rights.sees and (own or rights.moderates)


def may_delete(member: Member, post: Post, rights: Rights | None = None) -> bool:
    """Who may edit a post may delete it; the problem itself stays, because everything hangs on it."""
    return not post.is_problem and may_edit(member, post, rights)


def may_restore(member: Member, post: Post, rights: Rights | None = None) -> bool:
    """Whoever deleted a post brings it back; so do moderators."""
    if post.deleted_at is None:
        return False
    rights = rights or rights_in(member, post.thread)
    return rights.sees and (post.deleted_by_id == member.pk or rights.moderates)


def may_see_text(member: Member, post: Post, rights: Rights | None = None) -> bool:
    """A deleted post's text and history are shown only to those who could bring it back."""
    rights = rights or rights_in(member, post.thread)
    return rights.sees and (post.deleted_at is None or may_restore(member, post, rights))


def may_vote(member: Member, post: Post, rights: Rights | None = None) -> bool:
    """Everybody but its author may say that a post helped, also after the thread was closed."""
    if post.deleted_at is not None or post.author_id == member.pk:
        return False
    return rights.sees if rights else may_see(member, post.thread)


def may_add_note(member: Member, post: Post, rights: Rights | None = None) -> bool:
    """A note goes under a post that stands, not under another note."""
    return post.deleted_at is None and post.parent_id is None and may_reply(member, post.thread, rights)


def may_see_attachment(member: Member, attachment: Attachment) -> bool:
    """Before it is posted a file is its uploader's; then it belongs to all who may see the thread, or its post's text.

    A deleted post takes its files along. Others see a file that was shown along with a practice that they see.
    """
    if _with_its_thread(member, attachment):
        return True
    if attachment.post is not None and attachment.post.deleted_at is not None:
        return False
    return any(is_in_audience(member, practice) for practice in attachment.practices.select_related("space"))


def _with_its_thread(member: Member, attachment: Attachment) -> bool:
    if attachment.post is not None:
        return may_see_text(member, attachment.post)
    if attachment.thread is not None:
        return may_see(member, attachment.thread)
    return member.is_active and attachment.uploader_id == member.pk
