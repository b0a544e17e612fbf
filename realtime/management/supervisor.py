"""The foreground process tree of `manage.py serve`: web processes on one listening socket, and the task workers.

Children run in process groups of their own, so that Ctrl-C reaches only the supervisor, which then ends them all.
They are tethered: on Linux the kernel ends them when the supervisor itself is killed.
"""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence

from realtime.management.children import Child, Keeper, Running, end

BACKLOG = 4096
ENDED, HURRIED = 0, 130


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that all web processes accept from. Raises OSError when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def refusal(host: str, port: int, error: OSError) -> str:
    """What to tell who asked for an address that cannot be listened on."""
    reason = f"port {port} is in use" if error.errno == errno.EADDRINUSE else str(error.strerror).lower()
    return f"cannot listen on {host}:{port}: {reason}; choose another with --port"


class Supervisor:
    """Starts the children and starts again what dies.

    SIGINT and SIGTERM end them all, a second one at once. SIGHUP exchanges them one by one for new processes; when
    it comes because the terminal is gone, it ends them.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environment: Mapping[str, str],
        say: Callable[[str], object],
        buried: Callable[[int], object] = lambda _pid: None,
    ) -> None:
        self.children = children
        self.environment = environment
        self.say = say
        self.buried = buried
        self.running: set[Running] = set()

    def run(self) -> int:
        """Runs until told to stop; the exit code is 0, or 130 when a second signal cut the ending short."""
        return asyncio.run(self._run())

    async def _run(self) -> int:
        stop, hurry, renew = asyncio.Event(), asyncio.Event(), asyncio.Event()
        from_terminal = _has_terminal()

        def finish() -> None:
            (hurry if stop.is_set() else stop).set()

        def hang_up() -> None:
            if from_terminal and not _has_terminal():
                finish()
            else:
                renew.set()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, finish)
        loop.add_signal_handler(signal.SIGHUP, hang_up)
        keepers = [self._keeper(child) for child in self.children]
        jobs = [asyncio.create_task(keeper.keep()) for keeper in keepers]
        jobs.append(asyncio.create_task(self._renew_when_told(keepers, renew)))
        await stop.wait()
        for job in jobs:
            job.cancel()
        await asyncio.wait(jobs)
        await end(self.running, hurry)
        return HURRIED if hurry.is_set() else ENDED

    def _keeper(self, child: Child) -> Keeper:
        return Keeper(
            child, environment=self.environment, say=self.say, began=self.running.add, ended=self._process_ended
        )

    def _process_ended(self, running: Running) -> None:
        self.running.discard(running)
        asyncio.get_running_loop().run_in_executor(None, self.buried, running.process.pid)

    async def _renew_when_told(self, keepers: Sequence[Keeper], renew: asyncio.Event) -> None:
        while True:
            await renew.wait()
            renew.clear()
            self.say("starting all processes anew, one by one")
            for keeper in keepers:
                if not await keeper.replace():
                    self.say("not all processes were started anew")
                    break
            else:
                self.say("all processes were started anew")


def _has_terminal() -> bool:
    try:
        os.close(os.open(os.ctermid(), os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
