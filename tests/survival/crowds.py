"""A crowd on a live site that lives through what befalls it: writers who insist, listeners who drop and return.

Each writer repeats a reply, under the same `client_id`, until it is acknowledged. Each listener keeps what it has been
told, and asks after its last number whenever it comes back. Both are bounded by a deadline, never by a count of tries.
"""

import asyncio
import itertools
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

PATIENCE_SECONDS = 120.0
GONE = (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, InvalidMessage, EOFError)
LONGEST_PAUSE_SECONDS = 0.3
SLOWLY_SECONDS = 1.0  # between two posts of one writer, so that what lasts long is no larger


@dataclass(frozen=True)
class Room:
    """The thread that all this happens in, and the tokens of those who may be there."""

    host: str
    thread: int
    tokens: list[str]
    session: str

    @property
    def stream(self) -> str:
        """The thread's stream."""
        return f"thread:{self.thread}"

    @property
    def posts(self) -> str:
        """Where replies are posted to."""
        return f"http://{self.host}/api/v1/threads/{self.thread}/posts"

    def socket(self, token: str) -> connect:
        """A socket of the member with that token."""
        return connect(
            f"ws://{self.host}/ws/",
            additional_headers={"Authorization": f"Bearer {token}"},
            max_size=None,
            proxy=None,
            compression=None,
            open_timeout=20,
        )


def seed() -> None:
    """The cast and forty more at Acme, and a thread of Ada's; the tokens are kept in the data folder."""
    from django.conf import settings
    from django.test import Client

    from community.actions.tokens import create_token
    from community.models import Member
    from tests.cast import make_cast
    from threads.actions.threads import open_thread

    cast = make_cast()
    members = [
        Member.objects.create(
            email=f"peer{number}@example.org", handle=f"peer{number}", name=f"Peer {number}",
            organization=cast.organizations["acme"],
        )
        for number in range(40)
    ]  # fmt: skip
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail stays in the queue", body="It does.")
    tokens = [create_token(by=member, member=member, name="crowd") for member in members]
    browser = Client()
    browser.force_login(cast.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    left = {"thread": thread.pk, "tokens": tokens, "session": browser.cookies["sessionid"].value}
    Path(settings.DATA_DIR, "crowd.json").write_text(json.dumps(left))


def room_of(data_dir: Path, port: int) -> Room:
    """What `seed` left."""
    left = json.loads((data_dir / "crowd.json").read_text())
    return Room(f"127.0.0.1:{port}", **left)


@dataclass
class Listener:
    """One client: the events it has applied, what was wrong with any, and how many it was told are present.

    `drops` makes it unsteady.
    """

    room: Room
    token: str
    drops: random.Random | None = None
    seq: int = 0
    posts: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    returns: int = -1
    present: list[int] = field(default_factory=list)

    async def listen(self, goal: "Goal") -> None:
        """Until it has everything up to the goal's number."""
        while not goal.reached(self.seq):
            try:
                async with self.room.socket(self.token) as connection:
                    self.returns += 1
                    await connection.send(
                        json.dumps({"type": "subscribe", "stream": self.room.stream, "after": self.seq})
                    )
                    await self._hear(connection, goal)
            except GONE:
                await a_moment()

    async def _hear(self, connection: ClientConnection, goal: "Goal") -> None:
        stays = self.drops.randrange(3, 60) if self.drops else None
        while not goal.reached(self.seq):
            try:
                async with asyncio.timeout(1):
                    frame = json.loads(await connection.recv())
            except TimeoutError:
                continue
            self._take(frame)
            if stays is not None and frame["type"] == "event":
                stays -= 1
                if not stays:
                    connection.transport.abort()

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] in {"reset", "error"}:
            self.wrong.append(json.dumps(frame))
        if frame["type"] == "presence":
            self.present.append(frame["total"])
        if frame["type"] != "event":
            return
        if frame["seq"] != self.seq + 1:
            self.wrong.append(f"{frame['seq']} came after {self.seq}")
        self.seq = frame["seq"]
        if frame["kind"] == "post.created":
            self.posts.append(frame["data"]["post"])


@dataclass
class Goal:
    """How far the listeners have to get: known once the writers are done."""

    seq: int | None = None

    def reached(self, seq: int) -> bool:
        """Whether this is far enough."""
        return self.seq is not None and seq >= self.seq


@dataclass
class Writers:
    """Those who post; `acknowledged` has the id of each post by its `client_id`. They go on while there is `more`."""

    room: Room
    acknowledged: dict[str, int] = field(default_factory=dict)
    refusals: list[int] = field(default_factory=list)
    more: bool = False
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, writer: int, posts: int) -> None:
        """Posts so many replies, one after another, each until it is acknowledged; then slowly more."""
        headers = {"Authorization": f"Bearer {self.room.tokens[writer % len(self.room.tokens)]}"}
        for number in itertools.count():
            if number >= posts:
                if not self.more:
                    return
                await asyncio.sleep(SLOWLY_SECONDS)
            body = {"body": f"Reply {number} of writer {writer}.", "client_id": str(uuid4())}
            while not await self._posted(headers, body):
                await a_moment()

    async def _posted(self, headers: dict[str, str], body: dict[str, str]) -> bool:
        try:
            async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
                answer = await client.post(self.room.posts, json=body, headers=headers)
        except httpx.HTTPError:
            return False
        if answer.status_code != httpx.codes.CREATED:
            self.refusals.append(answer.status_code)
            assert answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR, answer.text
            return False
        self.acknowledged[body["client_id"]] = answer.json()["id"]
        self._grown.set()
        return True

    async def have_written(self, posts: int) -> None:
        """Returns once so many posts are acknowledged."""
        while len(self.acknowledged) < posts:
            self._grown.clear()
            await self._grown.wait()


async def a_moment() -> None:
    """A short random pause, as of clients that come back with jitter."""
    await asyncio.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))


async def newest(room: Room) -> tuple[int, list[int]]:
    """The thread's number, and the ids of its replies in order, as the API gives them now."""
    headers = {"Authorization": f"Bearer {room.tokens[0]}"}
    found: list[int] = []
    async with httpx.AsyncClient(timeout=60, trust_env=False, headers=headers) as client:
        thread = (await client.get(room.posts.removesuffix("/posts"))).raise_for_status().json()
        after: str | None = ""
        while after is not None:
            page = (await client.get(room.posts, params={"after": after} if after else {})).raise_for_status().json()
            found += [post["id"] for post in page["items"]]
            after = page["next"]
    return thread["stream"]["seq"], found
