"""What the refusals of threads, votes and the archive mean to a person, where the action has no more to say."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.rendering.refusals import say

_WORDS: dict[str, str | Promise] = {
    "may_not_post": _("You may not post problems in this space. Choose another one."),
    "may_not_own": _("You may not take this thread: it takes no more replies."),
    "may_not_write_record": _("This thread's record takes no more changes. Ask a moderator to open it."),
    "may_not_record": _("Only those who may reply and curators put a thread into the archive. Ask one of them."),
    "not_active": _("Your access has ended. Ask an administrator of your organization."),
    "no_vote_for_oneself": _("You cannot vote for your own post."),
    "only_asker_owner_or_moderator": _("Only the asker, the owner and moderators do this. Ask one of them."),
    "only_author_or_moderator": _("Only its author, while the thread is not closed, and moderators change a post."),
    "only_deleter_or_moderator": _("Only whoever deleted this post and moderators bring it back."),
    "only_moderators_close": _("Only moderators close threads and open them again. Ask one of them."),
    "only_owner_leaves": _("You are not the owner of this thread."),
}


def declare() -> None:
    """Make the words known; called once at start-up."""
    say(_WORDS)
