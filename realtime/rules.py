"""The limits of the live room, each with its reason. Documented for client writers in `docs/live-protocol.md`."""

PATH = "/ws/"

# What one client may send and ask for.
MOST_FRAME_CHARACTERS = 16 * 1024  # the largest sensible frame is a subscription of 100 characters
MOST_SOCKETS = 40  # of one member in one process: many tabs and tools, but not a flood
MOST_SUBSCRIPTIONS = 60  # a page needs three; a tool that watches a desk some dozens
FRAMES_AT_ONCE, FRAMES_A_SECOND = 120, 20.0  # a reconnecting tab subscribes to everything at once, then is quiet
MISTAKES_AT_ONCE, MISTAKES_A_SECOND = 10, 0.2  # a faulty client is told what is wrong before it is shut out

# What may wait for a client that reads slowly: bytes in the server's buffer, or characters in our queue.
MOST_WAITING = 256 * 1024  # then events come from the log as it takes them; 40 sockets of one member hold 10 MB
MOST_AHEAD = 64 * 1024  # of what is read from the log for one client; Twisted's buffers are full at this, too
STALL_SECONDS = 10.0  # a client for which so much waits, and that takes nothing for so long, is closed
CLOSING_SECONDS = 2.0  # then who does not take the closing frame is cut off; in Daphne after one second

# How often things happen.
SWEEP_SECONDS = 1.0  # finds what no nudge told of; with the doors asked again it keeps the promise of 2 seconds
RETRY_SECONDS = 1.0  # after the database or the channel layer failed
BRIDGE_PATIENCE_SECONDS = 2.0  # for one call of the channel layer
UNHEARD_SECONDS = 3.0  # who does not hear what it said itself is deaf; less than from one sign of life to the next
MOST_SAID_AT_ONCE = 500  # in one message to the other processes
SAYING_SECONDS = 0.03  # from one message to the next at least: as READING_SECONDS
WRITES_BETWEEN_BREATHS = 48  # sockets served before others get their turn: half a millisecond
PAUSE, PAUSE_SECONDS, MOST_PAUSE_SECONDS = (
    2.0,
    0.001,
    0.05,
)  # while a page is made: so many times as long as was written
BYTES_A_WRITE = 8 * 1024  # a longer frame counts as several writes
MOST_CHARACTERS_TOGETHER = 64 * 1024  # events of a burst go out with one write to each socket
DRAIN_SECONDS = 0.05  # how often a server that ends looks whether all are gone
RETURNS_A_SECOND = 1000  # sockets closed by a server that ends: their clients come back to the others

# What nobody waits for: who is present, who types, that a space changed. Each takes 4% of a core at most.
WRITES_A_PROCESS = 4000  # a second, of each of the three, at 10 µs
PRESENCE_SECONDS = 0.5  # from a change to the frame that tells of it, and the least time between two to one stream
PRESENCE_TO_A_PLACE = 400  # writes a second: 22 s between two frames to 9,000 listeners
HINT_SECONDS = 1.0  # the least time between two hints to one space
HINTS_TO_A_PLACE = 1000  # writes a second
READERS_A_SECOND = 100  # who is hinted at reads a page again: so many a second at most, over as long as that takes
TYPING_SECONDS = 2.0  # one member in one stream
TYPING_TO_A_PLACE = 500  # writes a second
TYPING_CROSSINGS = 200  # a second, told to the other processes
CROWD = 100  # people; with more, a newcomer may be told what is out of date by
FRESH_SECONDS = 1.0
NAMES_SHOWN = 8

# Presence across processes: leases, so that nobody lingers.
TICK_SECONDS = 1.0  # how often they are looked at
ALIVE_SECONDS = 4.0  # a process says that it lives, and at which number its lists stand
LEASE_SECONDS = 13.0  # others believe it for so long: three of these may be lost

# Reading.
READING_SECONDS = 0.03  # from one reading of the log to the next at least: what comes meanwhile is read together
LOOKS_FOR_PAGES, LOOK_SECONDS = 10, 0.002  # and so much longer while a page is being made, looking so often
MOST_EVENTS_A_READ = 2000  # a burst is delivered in several reads
STREAMS_A_QUERY = 100
COMPARED_A_SWEEP = 900  # streams whose number is looked up each second, besides what is new at the end of the log
MOST_GAPS, GAP_SECONDS = 500, 60.0  # ids passed over at the end of the log, and how long an open transaction may be
MOST_THREADS_KNOWN = 5000

# Arriving.
ARRIVALS_AT_ONCE = 200  # looked up together; the others wait for the next batch, a few hundredths of a second

# Doors.
ASKED_AT_ONCE, TURNS_A_SWEEP = 300, 3  # sockets and listeners asked without a reason: all within 20 s at 9,000 sockets
UNSURE_AT_ONCE, ASKING_SECONDS = 300, 0.005  # with a reason, and the wait between two lots: 9,000 within a second
MOST_CONCERNED = 500  # changes, and members or threads named by one: beyond, all doors are asked again
EDITS_LOOKED_AT = 32  # the latest entries in the admin's log, again because ids are handed out before the commit


class Bucket:
    """A token bucket: so many at once, then so many a second."""

    __slots__ = ("at", "left", "most", "rate")

    def __init__(self, most: int, rate: float, now: float) -> None:
        self.most = most
        self.rate = rate
        self.left = float(most)
        self.at = now

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Whether there is that much more; a clock that goes back gives none and takes none."""
        self.left = min(float(self.most), self.left + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.left < cost:
            return False
        self.left -= cost
        return True

    def is_full(self, now: float) -> bool:
        """Whether it is as if nothing had been taken."""
        return self.left + max(0.0, now - self.at) * self.rate >= self.most


class Closing:
    """Close codes: our own, of which 4400 to 4499 tell y-websocket clients and browsers not to come back by themselves,
    and the standard ones of a server that goes away, failed, restarts or cannot serve now."""

    ABUSE = 4400
    SIGNED_OUT = 4401
    FOREIGN_ORIGIN = 4403
    NO_SUCH_PATH = 4404
    TOO_SLOW = 4408
    TOO_MANY = 4409
    TOO_FAST = 4429
    GONE = 1001
    FAILED = 1011
    RESTART = 1012
    TRY_LATER = 1013
