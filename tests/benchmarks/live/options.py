"""How large a run is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """The sizes of the rows; what the issue asks for is the default of the command line."""

    sockets: int
    posts: int
    streams: int
    listeners: int
    rate: float
    seconds: float
    writers: int
    burst: int
    burst_listeners: int
    viewers: tuple[int, ...]
    window: int
    room_listeners: int
    room_rate: float
    room_seconds: float
    stalled: tuple[int, ...]
    editors: int
    keystrokes: float
    records: int
