"""Thanks in words about a thread or a post: what both see."""

from django.utils.translation import gettext as _

from community.errors import Invalid, NotThere
from community.events import action
from community.models import Member
from reputation.actions.kudos import give_kudos
from reputation.models import Kudos
from threads.models import Post, Thread
from threads.policies.rights import rights_in
from threads.policies.threads import may_see


@action
def say_thanks(
    *, by: Member, to: Member, reason: str, about: Thread | Post | None = None, client_id: str | None = None
) -> Kudos:
    """Thank somebody, as `give_kudos`, if wanted for a thread or post.

    Raises NotThere for one that the giver may not see; Invalid for one that the receiver does not see, and for a post
    that was deleted.
    """
    return give_kudos(by=by, to=to, reason=reason, about=_named(by, to, about), client_id=client_id)


def _named(by: Member, to: Member, about: Thread | Post | None) -> str:
    if about is None:
        return ""
    thread = about.thread if isinstance(about, Post) else about
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if isinstance(about, Post) and about.deleted_at is not None:
        raise Invalid({"about": _("This post was deleted. Say it without the post.")})
    if to.is_active and not _may_be_named(by, to, thread):
        raise Invalid({"about": _("They do not see this thread. Say it without the thread.")})
    return f"post:{about.pk}" if isinstance(about, Post) else f"thread:{about.pk}"


def _may_be_named(by: Member, to: Member, thread: Thread) -> bool:
    """Whether the receiver sees it. A guest is not told who sees a thread, only who wrote in it."""
    if rights_in(by, thread).guest and not thread.posts.filter(author=to).exists():
        return False
    return may_see(to, thread)
