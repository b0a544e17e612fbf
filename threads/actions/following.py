"""Following threads."""

from community.errors import NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.models import Following, Thread
from threads.policies.threads import may_see


@action
def follow(*, by: Member, thread: Thread, wanted: bool) -> Following:
    """Hear of a thread, or stop hearing of it for good: later replies and mentions do not follow it again."""
    if not may_see(by, thread):
        raise NotThere("no_thread")
    following, _made = Following.objects.update_or_create(
        member=by, thread=thread, defaults={"wanted": wanted}, create_defaults={"wanted": wanted, "since": clock.now()}
    )
    return following
