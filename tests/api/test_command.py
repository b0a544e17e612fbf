"""`create_token HANDLE`."""

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from tests.api.asking import Api

if TYPE_CHECKING:
    from tests.cast import Cast


def test_the_token_is_alone_on_its_line_and_works(api: Api) -> None:
    out = StringIO()
    call_command("create_token", "ada", stdout=out)
    token = out.getvalue().removesuffix("\n")
    assert token.startswith("gh_")
    assert len(token.split()) == 1
    assert api.ask("", "GET", "me", Authorization=f"Bearer {token}").body["handle"] == "ada"


def test_an_unknown_handle(cast: "Cast") -> None:
    with pytest.raises(CommandError, match=r"no member with the handle “nobody”") as refused:
        call_command("create_token", "nobody")
    assert refused.value.returncode == 1


def test_a_member_whose_access_has_ended(cast: "Cast") -> None:
    with pytest.raises(CommandError):
        call_command("create_token", "sam")
