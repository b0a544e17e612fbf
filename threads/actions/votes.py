"""Votes on posts: "this helped"."""

from django.utils.translation import gettext as _

from community.errors import Forbidden
from community.events import action
from community.models import Member
from reputation.actions import votes
from threads.actions.locking import lock_post
from threads.actions.telling import about, tell
from threads.facts.threads import POST_VOTED
from threads.models import Post
from threads.policies.posts import may_vote


@action
def vote(*, by: Member, post: Post, value: bool) -> Post:
    """Say that a post helped, or take it back. Saying the same twice changes nothing. Refused for one's own post."""
    post = lock_post(post)
    if not may_vote(by, post):
        raise Forbidden("may_not_vote", _("You cannot vote for this post: it is your own, or it was deleted."))
    if value:
        changed = votes.cast(voter=by, post_id=post.pk, receiver=post.author, about=about(post.thread))
    else:
        changed = votes.withdraw(voter=by, post_id=post.pk)
    if not changed:
        return post
    post.votes += 1 if value else -1
    post.save(update_fields=["votes"])
    tell(post.thread, POST_VOTED, by=by, data={"post": post.pk, "number": post.number, "helped": post.helped})
    return post
