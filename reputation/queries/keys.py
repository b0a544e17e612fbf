"""The keys of the network, and whether this machine can sign."""

from typing import Any, NamedTuple

from django.conf import settings

from reputation.models import SigningKey
from reputation.rules import key_store
from reputation.rules.career import ALGORITHM, plain
from reputation.rules.signing import PrivateKey, pem_of


class Signer(NamedTuple):
    """A key that signs now, with its private half."""

    key: SigningKey
    private: PrivateKey


def all_keys() -> list[SigningKey]:
    """Every key that ever signed, the newest first."""
    return list(SigningKey.objects.all())


def current_key() -> SigningKey | None:
    """The key that signs now; None before the first."""
    return SigningKey.objects.filter(is_current=True).first()


def signer() -> Signer | None:
    """The key that signs now, when this machine has it."""
    key = current_key()
    private = key_store.kept(key.pk) if key is not None else None
    return Signer(key, private) if key is not None and private is not None else None


def can_sign() -> bool:
    """Whether this machine has the key, or can make and keep the first one."""
    return signer() is not None or (current_key() is None and key_store.can_keep())


def published_keys() -> dict[str, Any]:
    """Every public key, as everybody may read it."""
    network = {"name": plain(settings.NETWORK_NAME), "address": settings.SITE_URL}
    return {"network": network, "keys": [_published(key) for key in all_keys()]}


def _published(key: SigningKey) -> dict[str, Any]:
    moments = {name: getattr(key, name) for name in ("valid_from", "valid_until", "distrusted_at")}
    return {
        "id": key.pk, "alg": ALGORITHM, "public": key.public, "pem": pem_of(key.public),
        **{name: f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None for name, at in moments.items()},
    }  # fmt: skip
