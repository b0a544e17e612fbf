"""What the worker does: deliver notices with many recipients, and clear away what nobody needs any more."""

from community.actions.duties import each, put_off
from community.actions.inbox import deliver_outbox
from community.models import Outbox

DELIVERY = "deliver notices"
_AT_ONCE = 100


def deliver_waiting() -> int:
    """Deliver every notice in the outbox, oldest first, batch by batch; returns how many rows were finished.

    Each batch is a transaction of its own and remembers how far it came, so a worker that dies loses and repeats
    nothing, and several workers share the rows. One that fails is put off, and the others do not wait for it.
    """
    waiting = Outbox.objects.exclude(pk__in=put_off(DELIVERY)).order_by("pk").values_list("pk", flat=True)
    return each(DELIVERY, waiting[:_AT_ONCE], _deliver_whole)


def _deliver_whole(outbox_id: int) -> bool:
    while deliver_outbox(outbox_id=outbox_id):
        pass
    return True
