"""The limits of the live room, each with its reason. Documented for client writers in `docs/live-protocol.md`."""

PATH = "/ws/"

# What one client may send and ask for.
MOST_FRAME_CHARACTERS = 16 * 1024  # the largest sensible frame is a subscription of 100 characters
MOST_SUBSCRIPTIONS = 60  # a page needs three; a tool that watches a desk some dozens
FRAMES_AT_ONCE, FRAMES_A_SECOND = 120, 20.0  # a reconnecting tab subscribes to everything at once, then is quiet
MISTAKES_AT_ONCE, MISTAKES_A_SECOND = 10, 0.2  # a faulty client is told what is wrong before it is shut out

# What may wait for a client that reads slowly.
MOST_WAITING_CHARACTERS = 8 * 1024 * 1024  # live frames are shared by all sockets: they cost little until nobody reads
MOST_AHEAD_CHARACTERS = 256 * 1024  # what is replayed is a socket's own: it is read from the log as the client takes it
MOST_UNSENT_BYTES = 128 * 1024  # in the server's own buffer of one connection, before we hold back
DRAIN_SECONDS = 0.05  # how often a full buffer is looked at

# How often things happen.
SWEEP_SECONDS = 1.0  # finds what no nudge told of; with the doors asked again it keeps the promise of 2 seconds
RETRY_SECONDS = 1.0  # after the database or the channel layer failed
BRIDGE_PATIENCE_SECONDS = 2.0  # for one call of the channel layer
HINT_SECONDS = 1.0  # between two hints to one space
WRITES_BETWEEN_BREATHS = 128  # sockets served before pages get their turn

# Presence: leases, so that nobody lingers.
PRESENCE_SECONDS = 0.5  # the least time between two presence frames of a stream; grows with the crowd
PRESENCE_SECONDS_A_THOUSAND = 1.0
MOST_PRESENCE_SECONDS = 15.0
ANNOUNCE_SECONDS = 15.0  # a process repeats who listens there
LEASE_SECONDS = 45.0  # others believe it for so long: two announcements may be lost
NAMES_SHOWN = 8
MOST_IDS_ANNOUNCED = 500  # so that a member with tabs on two processes counts once; beyond, the total is a sum
TYPING_SECONDS = 2.0  # one member in one stream
TYPING_A_SECOND = 4.0  # all members of one stream: nobody reads more

# Reading.
MOST_EVENTS_A_READ = 2000  # a burst is delivered in several reads
STREAMS_A_QUERY = 100
OVERLAP = 256  # ids are handed out before the commit, so the search for changed threads looks back a little
MOST_THREADS_KNOWN = 5000


class Bucket:
    """A token bucket: so many at once, then so many a second."""

    __slots__ = ("at", "left", "most", "rate")

    def __init__(self, most: int, rate: float, now: float) -> None:
        self.most = most
        self.rate = rate
        self.left = float(most)
        self.at = now

    def take(self, now: float) -> bool:
        """Whether there is one more; a clock that goes back gives none and takes none."""
        self.left = min(float(self.most), self.left + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Closing:
    """Close codes of our own; 4400 to 4499 tell y-websocket clients and browsers not to come back by themselves."""

    ABUSE = 4400
    SIGNED_OUT = 4401
    FOREIGN_ORIGIN = 4403
    NO_SUCH_PATH = 4404
    TOO_SLOW = 4408
    TOO_FAST = 4429
    TRY_LATER = 1013  # the standard code for a server that cannot serve now
