"""How a record of contributions is signed and read again: RFC 8785 (JCS) and Ed25519, the one module that knows either.

What is signed has only strings, whole numbers, lists, objects and null, and names in ASCII: for that, sorted names
without spaces in UTF-8 are what RFC 8785 asks for. Whatever two readers might read differently is refused.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PrivateKey = Ed25519PrivateKey
MOST_BYTES = 512 * 1024
SEED_BYTES = 32
_ID_DIGITS = 32
_MOST_DEPTH = 8
_MOST_DIGITS = 15  # A whole number of 15 digits is the same one to every reader; not every one of 16 is.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|([\[{])|[\]}]', re.DOTALL)


class Unreadable(Exception):
    """This is no file that every reader reads alike; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def canonical(record: Mapping[str, Any]) -> bytes:
    """What is signed."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest(record: Mapping[str, Any]) -> str:
    """What tells one record from every other."""
    return hashlib.sha256(canonical(record)).hexdigest()


def read_strictly(data: bytes) -> Any:
    """The JSON in a file. Raises Unreadable for what two readers could read differently, or not at all."""
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_text") from error
    if _depth(text) > _MOST_DEPTH:
        raise Unreadable("too_deep")
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_no_number, parse_constant=_no_number
        )
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Unreadable("not_text") from error
    except ValueError as error:
        raise Unreadable("not_json") from error
    return found


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        if match[0][0] != '"':
            depth += 1 if match[1] else -1
            deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("named_twice")
    return found


def _whole(digits: str) -> int:
    if len(digits.removeprefix("-")) > _MOST_DIGITS or digits == "-0":
        raise Unreadable("odd_number")
    return int(digits)


def _no_number(_text: str) -> None:
    raise Unreadable("odd_number")


def fresh_key() -> PrivateKey:
    """A private key that nobody has had."""
    return PrivateKey.generate()


def key_from(seed: str) -> PrivateKey:
    """The private key with this seed, 32 bytes in base64 of either kind. Raises ValueError for anything else."""
    text = "".join(seed.split()).replace("+", "-").replace("/", "_").rstrip("=")
    raw = from_text(text)
    if raw is None or len(raw) != SEED_BYTES:
        raise ValueError("a signing key is 32 bytes in base64")
    return PrivateKey.from_private_bytes(raw)


def seed_of(private: PrivateKey) -> str:
    """What makes the private key again."""
    return to_text(private.private_bytes_raw())


def public_of(private: PrivateKey) -> str:
    """The public key, as text."""
    return to_text(private.public_key().public_bytes_raw())


def id_of(public: str) -> str:
    """The fingerprint that names a key: the first 32 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(from_text(public) or b"").hexdigest()[:_ID_DIGITS]


def pem_of(public: str) -> str:
    """The public key as other tools read it."""
    return _public(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign(private: PrivateKey, record: Mapping[str, Any]) -> str:
    """The signature of a record, as text."""
    return to_text(private.sign(canonical(record)))


def is_signed(public: str, record: Mapping[str, Any], signature: str) -> bool:
    """Whether the key's owner signed exactly this record."""
    raw = from_text(signature)
    if raw is None:
        return False
    try:
        _public(public).verify(raw, canonical(record))
    except InvalidSignature:
        return False
    return True


def _public(public: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(from_text(public) or b"")


def to_text(raw: bytes) -> str:
    """Bytes in base64url, without `=`."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes | None:
    """The bytes again; None for what `to_text` never writes, such as the same bytes written in another way."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return None
    return raw if to_text(raw) == text else None
