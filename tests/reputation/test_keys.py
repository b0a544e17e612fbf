"""The keys of the network: made once, kept privately, changed, distrusted; and never one that will be gone."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from community.errors import Conflict, NotThere
from reputation.actions.keys import change_key, distrust_key, needed_signer
from reputation.models import SigningKey
from reputation.queries.keys import can_sign, current_key, published_keys, signer
from reputation.rules.signing import id_of, is_signed, key_from, public_of, seed_of, sign

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
GIVEN = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
OTHER = "TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs="


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A DATA_DIR without keys."""
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path, ""
    return tmp_path / "signing_keys"


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("signing_key", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_key_is_made_when_it_is_needed_and_kept_privately(folder: Path) -> None:
    assert can_sign()
    assert not folder.exists()
    key, private = needed_signer()
    assert needed_signer().key == key
    (file,) = folder.iterdir()
    assert (file.name, file.read_text()) == (key.pk, seed_of(private))
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert id_of(public_of(private)) == key.pk
    assert seed_of(private) not in repr(list(SigningKey.objects.values())) + said()


def test_a_machine_without_the_key_signs_nothing_and_makes_none(folder: Path) -> None:
    key = needed_signer().key
    (folder / key.pk).rename(folder.parent / "elsewhere")
    assert not can_sign()
    with pytest.raises(Conflict) as refused:
        needed_signer()
    assert refused.value.code == "no_signing_key"
    assert SigningKey.objects.get() == key
    assert "does not have the newest" in said()


@pytest.mark.parametrize("text", ["", "not a key", "\x00", GIVEN])
def test_a_file_that_is_not_the_key_signs_nothing(folder: Path, text: str) -> None:
    key = needed_signer().key
    (folder / key.pk).write_text(text)
    assert signer() is None


def test_where_no_key_can_be_kept_there_is_none(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "signing_keys").write_text("in the way")
    with pytest.raises(Conflict) as refused:
        needed_signer()
    assert refused.value.code == "no_signing_key"
    with pytest.raises(CommandError, match="cannot be written"):
        said("--new")
    settings.SIGNING_KEY = "too short"
    assert not can_sign()
    with pytest.raises(CommandError, match="openssl rand"):
        said("--new")
    assert not SigningKey.objects.exists()


def test_a_given_key_is_written_nowhere(settings: Any, folder: Path) -> None:
    settings.SIGNING_KEY = GIVEN
    key = needed_signer().key
    assert key.pk == "21fe31dfa154a261626bf854046fd227"
    assert not folder.exists()
    with pytest.raises(CommandError, match="signed before"):
        said("--new")
    settings.SIGNING_KEY = OTHER
    assert not can_sign()
    assert said("--new").count("\n") == 3
    assert can_sign()
    settings.SIGNING_KEY = GIVEN
    with pytest.raises(CommandError, match="signed before"):
        said("--new")


def test_what_a_former_key_signed_verifies_and_its_private_half_is_gone(folder: Path) -> None:
    first, private = needed_signer()
    value = sign(private, {"a": 1})
    assert "signs with the newest" in said("--new")
    second = needed_signer().key
    assert second != first
    assert [file.name for file in folder.iterdir()] == [second.pk]
    first.refresh_from_db()
    assert first.valid_until is not None
    assert is_signed(first.public, {"a": 1}, value)
    published = {key["id"]: key for key in published_keys()["keys"]}
    assert published[first.pk]["valid_until"] is not None
    assert published[second.pk] == {
        **published[second.pk], "alg": "Ed25519", "public": second.public, "valid_until": None, "distrusted_at": None,
    }  # fmt: skip


def test_a_former_key_is_distrusted_and_the_present_one_is_not() -> None:
    key = needed_signer().key
    with pytest.raises(CommandError, match="signs now"):
        said("--distrust", key.pk)
    with pytest.raises(NotThere):
        distrust_key(key_id="0" * 32)
    change_key()
    assert "distrusted" in said("--distrust", key.pk)
    at = distrust_key(key_id=key.pk).distrusted_at
    assert distrust_key(key_id=key.pk).distrusted_at == at


def test_no_two_keys_sign_at_a_time() -> None:
    needed_signer()
    public = public_of(key_from(GIVEN))
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(pk=id_of(public), public=public)
    assert current_key() is not None


def test_the_command_says_that_there_is_none_yet() -> None:
    assert said() == "There is no key yet: the first record makes it.\n"
