"""The foreground process tree of `manage.py serve`: web processes on one listening socket, and the task worker.

Children run in process groups of their own, so that Ctrl-C reaches only the supervisor, which then ends them all.
They are tethered: on Linux the kernel ends them when the supervisor itself is killed.
"""

import asyncio
import errno
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BACKLOG = 4096
GRACE_SECONDS = 5.0
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
STEADY_SECONDS = 10.0
ENDED, HURRIED = 0, 130
TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True)
class Child:
    """One process to keep alive: its name in messages, the arguments for Python, the descriptors it inherits."""

    name: str
    arguments: Sequence[str]
    descriptors: tuple[int, ...] = ()


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
    """Starts the children, starts again what dies, and ends them all on SIGINT, SIGTERM or SIGHUP."""

    def __init__(
        self, children: Sequence[Child], *, environment: Mapping[str, str], say: Callable[[str], object]
    ) -> None:
        self.children = children
        self.environment = environment
        self.say = say
        self.running: set[Process] = set()

    def run(self) -> int:
        """Runs until told to stop; the exit code is 0, or 130 when a second signal cut the ending short."""
        return asyncio.run(self._run())

    async def _run(self) -> int:
        stop, hurry = asyncio.Event(), asyncio.Event()

        def end() -> None:
            (hurry if stop.is_set() else stop).set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, end)
        keepers = [asyncio.create_task(self._keep_alive(child)) for child in self.children]
        await stop.wait()
        for keeper in keepers:
            keeper.cancel()
        await asyncio.wait(keepers)
        await self._end_children(hurry)
        return HURRIED if hurry.is_set() else ENDED

    async def _keep_alive(self, child: Child) -> None:
        loop = asyncio.get_running_loop()
        delay = FIRST_DELAY
        while True:
            started = loop.time()
            outcome = await self._run_once(child)
            if loop.time() - started > STEADY_SECONDS:
                delay = FIRST_DELAY
            self.say(f"{child.name} {outcome}; starting it again in {delay:g} s")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _run_once(self, child: Child) -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-S", "-E", str(TETHER), str(os.getpid()), sys.executable, *child.arguments),
                stdin=DEVNULL,
                env=self.environment,
                pass_fds=child.descriptors,
                process_group=0,
            )
        except OSError as error:
            return f"could not be started ({error})"
        self.running.add(process)
        code = await process.wait()
        self.running.discard(process)
        return f"ended with code {code}"

    async def _end_children(self, hurry: asyncio.Event) -> None:
        """Asks every child to end, and kills what has not within the grace, or at once when hurried."""
        _signal(self.running, signal.SIGTERM)
        ended = asyncio.gather(*(process.wait() for process in self.running))
        hurried = asyncio.ensure_future(hurry.wait())
        await asyncio.wait((ended, hurried), timeout=GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        _signal(self.running, signal.SIGKILL)
        await ended
        hurried.cancel()


def _signal(processes: Iterable[Process], number: signal.Signals) -> None:
    for process in processes:
        if process.returncode is None:
            process.send_signal(number)
