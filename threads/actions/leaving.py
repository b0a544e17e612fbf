"""What happens in a thread when somebody who had a part in it left the network."""

from community.errors import NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.ending import withdraw_offers
from threads.actions.guests import show_out
from threads.actions.helpers import stop_asking
from threads.actions.locking import lock_thread
from threads.actions.ownership import set_owner
from threads.actions.telling import tell_swarm
from threads.models import Guest, Helper


@action
def release_member(*, thread_id: int, member_id: int) -> bool:
    """Give back what a member has on them in a thread: owning, helping, being asked; false when they are active."""
    try:
        thread = lock_thread(thread_id)
    except NotThere:
        return False
    member = Member.objects.select_related("organization").get(pk=member_id)
    if member.is_active:
        return False
    stop_asking(thread, member)
    withdraw_offers(thread, member, by=None)
    for guest in Guest.objects.filter(thread=thread, member=member, until__isnull=True):
        guest.thread, guest.member = thread, member
        show_out(guest, by=None)
    helping = Helper.objects.filter(thread=thread, member=member, until__isnull=True)
    if helping.update(until=clock.now()):
        tell_swarm(thread, by=None, changed="left", member=member)
    if thread.owner_id == member.pk:
        set_owner(thread, None, by=None, member=member)
    return True
