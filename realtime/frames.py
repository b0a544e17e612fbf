"""Frames of the live protocol: read from clients, and written once for everybody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from community.events.reading import Logged, event_data
from realtime.rules import MOST_FRAME_CHARACTERS

TYPES = ("subscribe", "unsubscribe", "typing", "ping")
MOST_NAME_CHARACTERS = 200
LARGEST_NUMBER = 2**63 - 1
FINAL_TEXT, FINAL_BYTES, SHORT, MEDIUM = 0x81, 0x82, 125, 0xFFFF


class Mistake(Exception):
    """A frame that cannot be used; `code` and the message go back to whoever sent it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Asked:
    """What a client asks. `after` is None when only what comes is wanted."""

    type: str
    stream: str = ""
    after: int | None = None


def read(text: str | None) -> Asked:
    """The frame as asked. Raises Mistake for what is binary, too large, not JSON, or lacks a field."""
    if text is None:
        raise Mistake("malformed", _("Send text frames, not binary ones."))
    if len(text) > MOST_FRAME_CHARACTERS:
        raise Mistake("too_large", _("A frame may have at most %(most)d characters.") % {"most": MOST_FRAME_CHARACTERS})
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise Mistake("malformed", _("A frame is a JSON object.")) from None
    if not isinstance(frame, dict):
        raise Mistake("malformed", _("A frame is a JSON object."))
    kind = frame.get("type")
    if kind not in TYPES:
        raise Mistake("unknown_type", _("Known types are: %(types)s.") % {"types": ", ".join(TYPES)})
    return Asked(kind) if kind == "ping" else Asked(kind, _stream(frame), _after(frame))


def _stream(frame: Mapping[str, Any]) -> str:
    stream = frame.get("stream")
    if not isinstance(stream, str) or not stream or len(stream) > MOST_NAME_CHARACTERS or not stream.isascii():
        raise Mistake("malformed", _('Name the stream, for example "thread:12".'))
    return stream


def _after(frame: Mapping[str, Any]) -> int | None:
    after = frame.get("after")
    if after is None:
        return None
    if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after <= LARGEST_NUMBER:
        raise Mistake("malformed", _('"after" is the number of the last event you have, 0 for none.'))
    return after


class Frame(str):
    """A frame as it goes out; an event's says when it was written. Its bytes are made when they are first wanted, once
    for all sockets."""

    __slots__ = ("_wire", "at")

    _wire: bytes
    at: float

    @property
    def wire(self) -> bytes:
        """The text as a WebSocket frame."""
        try:
            return self._wire
        except AttributeError:
            self._wire = framed(self)
            return self._wire


class Message(bytes):
    """A binary frame as it goes out."""

    @cached_property
    def wire(self) -> bytes:
        """The bytes as a WebSocket frame."""
        return framed(self)


Sendable = Frame | Message


def framed(content: str | bytes) -> bytes:
    """The text, or the bytes, as one unmasked WebSocket frame (RFC 6455, section 5.2)."""
    kind, payload = (FINAL_TEXT, content.encode()) if isinstance(content, str) else (FINAL_BYTES, content)
    length = len(payload)
    if length <= SHORT:
        head = bytes((kind, length))
    elif length <= MEDIUM:
        head = bytes((kind, 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((kind, 127)) + length.to_bytes(8, "big")
    return head + payload


def write(type_: str, **fields: Any) -> Frame:
    """A frame as it goes out."""
    return Frame(json.dumps({"type": type_, **fields}, ensure_ascii=False, separators=(",", ":")))


def event(stream: str, row: Logged) -> Frame:
    """An event of a stream, named as its listeners name it."""
    frame = write("event", stream=stream, **event_data(row))
    frame.at = row.at.timestamp()
    return frame


def error(code: str, detail: str, stream: str = "") -> Frame:
    """What went wrong; with `stream`, that stream is not, or no longer, listened to when the code is `not_there`."""
    return write("error", code=code, detail=detail, **({"stream": stream} if stream else {}))


PONG = write("pong")


def not_there(stream: str) -> Frame:
    """The stream does not exist, or the member may not or no longer listen to it."""
    return error("not_there", _("There is no such stream, or you may not listen to it."), stream)
