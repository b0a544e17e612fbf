"""Names that an organization watches for: nobody else shows a practice to more people with them, or adds one."""

import pytest
from django.test import Client

from community.errors import Conflict
from tests.cast import PASSWORD, Cast
from tests.threads.practicing import fresh, recorded, shown, validated
from threads.actions.names import watch_name
from threads.actions.practices import edit_practice
from threads.actions.publishing import consent_to_publish, publish
from threads.actions.standard import digest_of
from threads.actions.suggestions import accept_suggestion, suggest_edit
from threads.models import Practice
from threads.rules.masking import found_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_another_organizations_curator_shows_nobody_a_name_that_its_own_watches_for(cast: Cast) -> None:
    practice = recorded(cast, cause="Umbrella had stopped the queue runner.")
    watch_name(by=cast.ben, name="Umbrella")
    with pytest.raises(Conflict) as refused:
        shown(cast.cleo, practice, "network")
    assert "Umbrella" not in str(refused.value)
    now = fresh(practice)
    edit_practice(
        by=cast.ben, practice=now, fields={"cause": "Umbrella had stopped it."}, version=now.version,
        keep=[digest_of(each) for each in found_in({"cause": "Umbrella had stopped it."}, ["Umbrella"])],
    )  # fmt: skip
    assert shown(cast.cleo, practice, "network").audience == "network"


def test_a_name_that_came_later_is_not_published_by_others(cast: Cast) -> None:
    practice = validated(cast)
    consent_to_publish(by=cast.olga, practice=practice)
    shown(cast.cleo, practice, "public")
    watch_name(by=cast.ben, name="Umbrella")
    now = fresh(practice)
    Practice.objects.filter(pk=practice.pk).update(environment="As at Umbrella.")
    with pytest.raises(Conflict):
        publish(by=cast.cleo, practice=practice, version=now.version)
    edit_practice(by=cast.cleo, practice=now, fields={"environment": "As anywhere."}, version=now.version)
    assert publish(by=cast.cleo, practice=practice, version=fresh(practice).version).published_version == 3


def test_another_organizations_curator_writes_no_name_that_its_own_watches_for(cast: Cast) -> None:
    practice = recorded(cast, cause="Umbrella had stopped the queue runner.")
    shown(cast.cleo, practice, "network")
    for name in ("Umbrella", "Northwind"):
        watch_name(by=cast.ben, name=name)
    now = fresh(practice)
    with pytest.raises(Conflict) as refused:
        edit_practice(by=cast.cleo, practice=now, fields={"environment": "As at Northwind."}, version=now.version)
    assert refused.value.code == "named"
    assert not [name for name in ("Umbrella", "Northwind") if name in str(refused.value)]
    client = Client()
    assert client.login(username="cleo@example.org", password=PASSWORD)
    typed = {"title": now.title, **now.fields, "environment": "As at Northwind.", "version": now.version}
    page = client.post(f"{practice.get_absolute_url()}edit/", typed)
    said = page.content.decode()
    assert "Say it without the name" in said
    assert "As at Northwind." in said, "what was typed is not lost"
    assert "<mark>" not in said, "which of the words it is, is not said"
    assert fresh(practice).version == now.version
    proposed = suggest_edit(
        by=cast.finn, practice=now, base_version=now.version, fields={"environment": "At Northwind."}, reason="So here."
    )
    with pytest.raises(Conflict) as refused:
        accept_suggestion(by=cast.cleo, suggestion=proposed, version=now.version, number=proposed.number)
    assert refused.value.code == "named"
    edit_practice(by=cast.cleo, practice=now, fields={"environment": "As anywhere."}, version=now.version)
    assert fresh(practice).environment == "As anywhere.", "what stood there before is no matter of this edit"
    texts = {"environment": "As at Northwind."}
    edit_practice(
        by=cast.ben, practice=now, fields=texts, version=fresh(practice).version,
        keep=[digest_of(each) for each in found_in({**fresh(practice).fields, **texts}, ["Umbrella", "Northwind"])],
    )  # fmt: skip
    now = fresh(practice)
    edit_practice(by=cast.cleo, practice=now, fields={"cause": "Northwind stopped it."}, version=now.version)
    assert fresh(practice).cause == "Northwind stopped it.", "its own people said that it is needed"


def test_names_are_looked_for_whenever_it_is_shown_to_more(cast: Cast) -> None:
    practice = recorded(cast, cause="Umbrella had stopped the queue runner.")
    shown(cast.ben, practice, "organizations", cast.organizations["brightline"])
    watch_name(by=cast.ben, name="Umbrella")
    with pytest.raises(Conflict) as refused:
        shown(cast.cleo, practice, "space")
    assert refused.value.code == "named"
    assert fresh(practice).audience == "organizations"
    assert shown(cast.nia, practice, "organization").audience == "organization", "fewer may see it in any case"
