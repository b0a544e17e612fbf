"""What the refusals of threads, votes and the archive mean to a person, where the action has no more to say."""

from django.utils.translation import gettext_lazy as _

from community.rendering.refusals import say

say(
    {
        "may_not_post": _("You may not post problems in this space. Choose another one."),
        "may_not_own": _("You may not take this thread: it takes no more replies."),
        "may_not_write_record": _("This thread takes no more changes to its record. Ask a moderator to open it again."),
        "may_not_record": _("Only those who may reply, and curators, put this thread into the archive. Ask one of them."),
        "not_active": _("Your access has ended. Ask an administrator of your organization."),
        "no_vote_for_oneself": _("You cannot vote for your own post."),
        "only_asker_owner_or_moderator": _("Only the asker, the owner and moderators change a thread. Ask one of them."),
        "only_author_or_moderator": _("Only its author and moderators change this post, while the thread is not closed."),
        "only_deleter_or_moderator": _("Only whoever deleted this post and moderators bring it back."),
        "only_moderators_close": _("Only moderators close threads and open them again. Ask one of them."),
        "only_owner_leaves": _("You are not the owner of this thread."),
    }
)
