"""Where this machine keeps the network's private key: the environment (`SIGNING_KEY`), or a private file in DATA_DIR.

A key lives in one of the two and nowhere else: never in the database, never in a log, never in memory alone.
"""

import logging
import os
from pathlib import Path
from tempfile import mkstemp

from django.conf import settings

from reputation.rules.signing import PrivateKey, fresh_key, id_of, key_from, public_of, seed_of

log = logging.getLogger(__name__)
_MODE = 0o700


class NoKeyKept(Exception):
    """No key can be kept here; the message says why, to whoever runs the site."""


def kept(key_id: str) -> PrivateKey | None:
    """The private key with that id, when this machine has it."""
    for private in (_given(), _filed(key_id)):
        if private is not None and id_of(public_of(private)) == key_id:
            return private
    return None


def new_key() -> PrivateKey:
    """The key that the environment gives, else a new one, kept in a file. Raises NoKeyKept."""
    if settings.SIGNING_KEY:
        private = _given()
        if private is None:
            raise NoKeyKept("SIGNING_KEY is not 32 bytes in base64; make one with: openssl rand -base64 32")
        return private
    private = fresh_key()
    try:
        _write(_file(id_of(public_of(private))), seed_of(private))
    except OSError as error:
        raise NoKeyKept(f"{_folder()} cannot be written: {error.strerror}") from error
    return private


def can_keep() -> bool:
    """Whether a new key would last."""
    if settings.SIGNING_KEY:
        return _given() is not None
    folder = _folder()
    return os.access(folder if folder.exists() else folder.parent, os.W_OK | os.X_OK)


def drop_file(key_id: str) -> bool:
    """Delete the file of a key that signs no more; whether there was one."""
    try:
        _file(key_id).unlink()
    except OSError:
        return False
    return True


def _given() -> PrivateKey | None:
    try:
        return key_from(settings.SIGNING_KEY) if settings.SIGNING_KEY else None
    except ValueError:
        log.error("SIGNING_KEY is not 32 bytes in base64; nothing is signed by it")
        return None


def _filed(key_id: str) -> PrivateKey | None:
    try:
        return key_from(_file(key_id).read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        log.error("the signing key %s cannot be read; nothing is signed by it", key_id)
        return None


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "signing_keys"


def _file(key_id: str) -> Path:
    return _folder() / key_id


def _write(path: Path, text: str) -> None:
    """A file for this user alone, whole or not at all, and on the disk when this returns."""
    path.parent.mkdir(mode=_MODE, exist_ok=True)
    descriptor, name = mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    Path(name).replace(path)
