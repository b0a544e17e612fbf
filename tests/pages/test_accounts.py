"""Coming in by invitation, signing in, and the settings of one's own account."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from community.actions.members import invite
from community.models import Invitation, Member
from tests.cast import PASSWORD, Cast
from tests.pages.stories import SignIn

pytestmark = pytest.mark.both_databases

JOINING = {"name": "Ines Duarte", "handle": "ines", "password": "a-long-and-odd-one-7"}


def _invited(cast: Cast) -> Invitation:
    return invite(
        by=cast.olga,
        email="Ines@Example.org",
        organization=cast.organizations["acme"],
        center=cast.centers["acme-malmo"],
    )


def test_joining_by_invitation(cast: Cast, client: Client) -> None:
    invitation = _invited(cast)
    assert "Acme" in client.get(invitation.get_absolute_url()).content.decode()
    assert client.post(invitation.get_absolute_url(), JOINING)["Location"] == "/"
    ines = Member.objects.get(handle="ines")
    assert (ines.email, ines.organization, ines.center) == (
        "ines@example.org",
        invitation.organization,
        invitation.center,
    )
    assert client.get("/").status_code == 200
    again = Client().post(invitation.get_absolute_url(), JOINING | {"handle": "ines2"})
    assert "has been used" in again.content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"handle": "ada"}, "This handle is taken"),
        ({"handle": "suggest"}, "This handle is taken"),
        ({"handle": "no spaces"}, "Use lower-case letters"),
        ({"password": "short"}, "too short"),
        ({"name": ""}, "required"),
    ],
)
def test_joining_with_bad_input_keeps_what_was_typed(
    cast: Cast, client: Client, changes: dict[str, str], message: str
) -> None:
    page = client.post(_invited(cast).get_absolute_url(), JOINING | changes).content.decode()
    assert message in page
    assert "name" in changes or "Ines Duarte" in page
    assert not Member.objects.filter(email="ines@example.org").exists()


def test_an_expired_invitation_says_so(cast: Cast, client: Client) -> None:
    invitation = _invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "has expired" in client.post(invitation.get_absolute_url(), JOINING).content.decode()


def test_there_is_no_other_way_in(client: Client, db: None) -> None:
    assert client.get("/invitations/not-a-token/").status_code == 404
    page = client.post("/accounts/signup/", {"email": "eve@example.org", "password1": "a-long-and-odd-one-7"})
    assert not Member.objects.filter(email="eve@example.org").exists()
    assert page.status_code == 200


def test_inviting_shows_the_address_to_send(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.olga)
    organization = str(cast.organizations["acme"].pk)
    page = client.post("/invitations/", {"email": "new@example.org", "organization": organization}).content.decode()
    assert Invitation.objects.get(email="new@example.org").token in page
    refused = client.post("/invitations/", {"email": "ben@example.org", "organization": organization}).content.decode()
    assert "is a member already" in refused
    other = client.post(
        "/invitations/", {"email": "n@example.org", "organization": str(cast.organizations["corax"].pk)}
    )
    assert "Select a valid choice" in other.content.decode()


def test_signing_in_by_e_mail(cast: Cast, client: Client) -> None:
    wrong = client.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    assert wrong.status_code == 200
    assert "ada@example.org" in wrong.content.decode()
    assert client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})["Location"] == "/"
    suspended = Client().post("/accounts/login/", {"login": "sam@example.org", "password": PASSWORD})
    assert suspended.headers.get("Location", "") != "/"


def test_a_forgotten_password_is_reset_by_mail(cast: Cast, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    assert mail.outbox[0].to == ["ada@example.org"]
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert all("/reset/key/" not in message.body for message in mail.outbox[1:])


def test_the_profile_says_what_is_wrong(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    saved = client.post(
        "/people/me/edit/",
        {"name": "Ada L.", "about": "Ask me about mail.", "time_zone": "Europe/Stockholm", "outside": "severe"},
    )
    assert saved["Location"] == "/people/ada/"
    assert "Ask me about mail." in client.get("/people/ada/").content.decode()
    assert "Ada L." in client.get("/search/?q=mail&kind=member").content.decode()
    assert "required" in client.post("/people/me/edit/", {"name": ""}).content.decode()


def test_the_theme_is_kept(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    assert client.post("/theme/", {"theme": "dark", "next": "/inbox/"})["Location"] == "/inbox/"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    assert client.post("/theme/", {"theme": "system", "next": "https://evil.example/"})["Location"] == "/"
    assert "data-theme=" not in client.get("/").content.decode().split(">", 2)[1]
