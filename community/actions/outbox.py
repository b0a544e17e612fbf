"""What the worker does: deliver notices with many recipients, and clear away what nobody needs any more."""

from community.actions.inbox import deliver_outbox
from community.models import Outbox


def deliver_waiting() -> int:
    """Deliver every notice in the outbox, oldest first, batch by batch; returns how many rows were finished.

    Each batch is a transaction of its own and remembers how far it came, so a worker that dies loses and repeats
    nothing, and several workers share the rows.
    """
    finished = 0
    for pk in Outbox.objects.order_by("pk").values_list("pk", flat=True)[:100]:
        while deliver_outbox(outbox_id=pk):
            pass
        finished += 1
    return finished
