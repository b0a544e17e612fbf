"""Who takes the next connection: of the processes that share a listening socket, one of those that carry least.

The kernel wakes all that wait and gives the connection to the first that asks, which on a quiet machine is the same one
again and again. What comes on connections that are kept, from a proxy or for sockets, would then be one process's work,
and a second core of no use.
"""

from collections.abc import Callable
from socket import socket
from typing import Any, Self

from twisted.internet import tcp

from realtime.siblings import Siblings

SOCKETS_A_REQUESTER = 64  # this many idle sockets are as much work as one connection that brings requests
LEAD = 8  # an eighth more than who carries least, and one connection in any case, may be carried
PATIENCE_SECONDS = 0.001  # how long whoever carries more than that leaves a connection to the others
MOST_AT_ONCE = 16


class SharedPort(tcp.Port):
    """Accepts from a socket that other processes accept from, too."""

    _siblings: Siblings
    _carried: Callable[[], float]

    @classmethod
    def adopted(
        cls, reactor: Any, listener: socket, factory: Any, siblings: Siblings, carried: Callable[[], float]
    ) -> Self:
        """Listens on a copy of the listener's descriptor; `carried` tells what this process carries."""
        port: Self = cls._fromListeningDescriptor(reactor, listener.fileno(), listener.family, factory)
        port._siblings, port._carried = siblings, carried
        port.startListening()
        return port

    def doRead(self) -> None:  # noqa: N802  (Twisted's name)
        """Takes what this process should; the rest is left to the others for a moment, and no longer."""
        carried = self._carried()
        self._siblings.say(carried)
        least = self._siblings.least()
        room = least + 1 + least / LEAD - carried
        if room >= 1:
            self._take(int(min(room, MOST_AT_ONCE)))
        else:
            self.stopReading()
            self.reactor.callLater(PATIENCE_SECONDS, self._take_what_is_left)

    def _take(self, most: int) -> None:
        self.numberAccepts = most
        super().doRead()
        self._siblings.say(self._carried())

    def _take_what_is_left(self) -> None:
        if self.connected and not self.disconnecting:
            self._take(1)
            self.startReading()
