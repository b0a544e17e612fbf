"""How the process of the sentence model is spoken to: four bytes of length, then so much JSON, both ways."""

import json
import struct
from typing import Any

LONGEST_QUESTION, LONGEST_ANSWER = 256 * 1024, 1024 * 1024
HEAD = struct.Struct("!I")
MOST_LETTERS = 4_000  # of a text: the model reads no more
MOST_NEAREST = 2_000


def frame(said: Any) -> bytes:
    """What was said, ready to be sent."""
    text = json.dumps(said, separators=(",", ":")).encode()
    return HEAD.pack(len(text)) + text


def unframed(data: bytes) -> Any:
    """What the JSON of a frame says. Raises ValueError."""
    return json.loads(data, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")
