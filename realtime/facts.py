"""What the servers tell each other through the event log."""

from community.events.streams import StreamKey, member_stream
from community.facts.kinds import declare

DOORS = declare(
    "doors.changed", fields=(), about="Who may see what changed. Heard only by the servers, who ask every door again."
)


def doors_stream() -> StreamKey:
    """The stream of those changes; members' ids start at 1, so it is nobody's."""
    return member_stream(0)
