"""How the network gets a key to sign with, and changes it. What earlier keys signed goes on to verify."""

from django.db import IntegrityError, transaction

from community.errors import Conflict, NotThere
from community.events import action
from community.rules import clock
from reputation.models import SigningKey
from reputation.queries.keys import Signer, current_key, signer
from reputation.rules import key_store
from reputation.rules.signing import id_of, public_of


@action
def needed_signer() -> Signer:
    """The key that signs now, held until the end; the first one is made when there is none.

    Raises Conflict when this machine does not have it and cannot keep one: no key signs that will be gone.
    """
    SigningKey.objects.select_for_update(no_key=True).filter(is_current=True).first()
    if current_key() is None:
        _first_key()
    found = signer()
    if found is None:
        raise Conflict("no_signing_key")
    return found


def _first_key() -> None:
    try:
        with transaction.atomic():
            _begin()
    except key_store.NoKeyKept as error:
        raise Conflict("no_signing_key") from error
    except IntegrityError:
        # Another process made one in the same moment; this one's is of no use.
        return


@action
def change_key() -> SigningKey:
    """Begin to sign with a new key: the one that the environment gives, else one that is made.

    Raises NoKeyKept where none can be kept, Conflict when the environment still gives one that signed already.
    """
    now = clock.now()
    old = SigningKey.objects.select_for_update().filter(is_current=True).first()
    if old is not None:
        old.is_current, old.valid_until = False, max(now, old.valid_from)
        old.save(update_fields=["is_current", "valid_until"])
    return _begin()


def _begin() -> SigningKey:
    public = public_of(key_store.new_key())
    if SigningKey.objects.filter(pk=id_of(public)).exists():
        raise Conflict("key_not_new")
    return SigningKey.objects.create(pk=id_of(public), public=public, valid_from=clock.now().replace(microsecond=0))


@action
def distrust_key(*, key_id: str) -> SigningKey:
    """Say that somebody else may have had the key: of what it signed only that is believed of which there is a note.

    Raises NotThere for an unknown key, Conflict for the one that signs now.
    """
    key = SigningKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotThere("not_there")
    if key.is_current:
        raise Conflict("key_is_current")
    if key.distrusted_at is None:
        key.distrusted_at = clock.now()
        key.save(update_fields=["distrusted_at"])
    return key
