"""Who comes, and what a client of the live protocol says when it comes."""

from dataclasses import dataclass

TEXT, PING, PONG = 0x81, 0x89, 0x8A


@dataclass(frozen=True)
class Seat:
    """Whom a socket is for: its token, the stream it listens to, and after which number (None: from now on)."""

    token: str
    stream: str
    after: int | None

    def handshake(self, host: str) -> bytes:
        """The request for a WebSocket, as any client sends it."""
        lines = (
            *("GET /ws/ HTTP/1.1", f"Host: {host}", "Connection: Upgrade", "Upgrade: websocket"),
            *("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
            *(f"Authorization: Bearer {self.token}", "", ""),
        )
        return "\r\n".join(lines).encode()

    def subscription(self) -> bytes:
        """The frame that subscribes."""
        after = "" if self.after is None else f',"after":{self.after}'
        return framed(TEXT, f'{{"type":"subscribe","stream":"{self.stream}"{after}}}'.encode())


def framed(code: int, payload: bytes) -> bytes:
    """A short frame from a client. The mask of zeros leaves the payload as it is."""
    if len(payload) > 125:
        raise ValueError("frames of the load client are short")
    return bytes((code, 0x80 | len(payload), 0, 0, 0, 0)) + payload
