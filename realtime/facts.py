"""What the servers tell each other through the event log."""

from typing import NamedTuple

from community.events.streams import StreamKey, member_stream
from community.facts.kinds import declare

DOORS = declare(
    "doors.changed",
    fields=(),
    about="Who may see what changed: for `members`, in `threads`, or for everybody when none is named. "
    "Heard only by the servers, who ask those doors again.",
)


class Doors(NamedTuple):
    """Where the changes of who may see what stand: another one after each change.

    `seq` counts those told in the doors' stream. `edit` is the newest one in Django's admin and `edits` how many there
    were lately, because ids are handed out before the commit.
    """

    seq: int
    edit: int
    edits: int

    def covers(self, other: "Doors") -> bool:
        """Whether what was judged here needs no judging for what had changed there."""
        return self.seq >= other.seq and self[1:] == other[1:]


def doors_stream() -> StreamKey:
    """The stream of those changes; members' ids start at 1, so it is nobody's."""
    return member_stream(0)
