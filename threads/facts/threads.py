"""What happens to threads, posts, records and practices."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

THREAD_OPENED = declare(
    "thread.opened", fields=("thread", "title", "status", "version"), about="The thread was posted."
)
THREAD_CHANGED = declare(
    "thread.changed",
    fields=("changes", "version"),
    about="What the thread says of itself changed; `changes` has the new values.",
)
THREAD_RESOLVED = declare(
    "thread.resolved",
    fields=("status", "posts", "version"),
    about="The thread was resolved by the posts named, or by a summary.",
)
THREAD_REOPENED = declare(
    "thread.reopened",
    fields=("status", "posts", "version"),
    about="The thread was reopened; the posts named are no solution any more.",
)
POST_CREATED = declare(
    "post.created",
    fields=("post", "number", "parent", "author", "reply_count"),
    about="A reply or, with `parent`, a note; `html` is its fragment.",
)
POST_EDITED = declare(
    "post.edited", fields=("post", "number", "version"), about="A post was edited; `html` is its new fragment."
)
POST_DELETED = declare(
    "post.deleted",
    fields=("post", "number", "version", "reply_count"),
    about="A post was deleted; `html` is its new, empty fragment.",
)
POST_RESTORED = declare(
    "post.restored",
    fields=("post", "number", "version", "reply_count"),
    about="A deleted post is back; `html` is its fragment.",
)
POST_VOTED = declare("post.voted", fields=("post", "number", "helped"), about="How many said that a post helped.")
RECORD_SAVED = declare("record.saved", fields=("version", "fields"), about="The working record was saved.")
PRACTICE_RECORDED = declare(
    "practice.recorded",
    fields=("practice",),
    about="The thread's record became a practice; null where not everybody who sees the thread sees it.",
)
SWARM_CHANGED = declare(
    "swarm.changed",
    fields=("owner", "next_action", "helpers"),
    about="Who owns the thread, who helps, or what happens next changed.",
)

MENTIONED = declare_notice("mention", label=_("Mentions of you"), sentence=_("mentioned you"))
REPLIED = declare_notice("reply", label=_("Replies in threads you follow"), sentence=_("replied"))
SOLVED = declare_notice(
    "solution", label=_("Solutions in threads you follow"), sentence=_("marked the thread resolved")
)
YOUR_SOLUTION = declare_notice(
    "your-solution", label=_("Your post is the solution"), sentence=_("marked your post as the solution")
)
# Votes are told with the standing that they give, all in one notice.
declare_notice("thanks", label=_("Your post helped"), sentence=_("said that your post helped"), former=True)
RECORDED = declare_notice(
    "practice", label=_("Practices from threads you follow"), sentence=_("recorded a practice from the thread")
)
REOPENED = declare_notice("reopened", label=_("Threads reopened"), sentence=_("reopened the thread"))
CLOSED_AS_DUPLICATE = declare_notice(
    "closed-duplicate", label=_("Threads closed as duplicates"), sentence=_("closed the thread: it is solved elsewhere")
)
