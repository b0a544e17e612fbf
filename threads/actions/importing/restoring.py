"""A practice as it was on the site that its archive is of: its versions, what was said of it, and who may see it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.management.color import no_style
from django.db import connection

from community.models import Center, Member
from community.rendering.markdown import render, sanitize_again
from community.rules.numbers import whole
from threads.actions.indexing import index_public
from threads.actions.threads import tags_named
from threads.models import RECORD_FIELDS, KeptFinding, Practice, PracticeVersion, Review, Verdict
from threads.rendering.public import copied_html, public_html
from threads.rules.archived import ArchivedPractice, moment

if TYPE_CHECKING:
    from threads.actions.importing.practices import Places

_TIMES = ("recorded_at", "updated_at", "reviewed_at", "due_at", "widened_at", "published_at", "consent_at",
          "due_told")  # fmt: skip
_SAME = (
    *("confidence", "basis", "version", "audience", "judged_from", "reviewed_version", "history_from", "helpful"),
    *("unhelpful", "slug", "published_version", "public_text"),
)
_MOST_TAGS = 100
_MOST_DIGITS = 18


def said_by(practice: Practice, texts: Mapping[str, str]) -> None:
    """Have a practice say this; its HTML is made here, whatever an archive has."""
    for name in RECORD_FIELDS:
        setattr(practice, name, texts[name])
        setattr(practice, f"{name}_html", render(texts[name]))


def restore(places: "Places", row: ArchivedPractice) -> Practice:
    """The practice, with all that hangs on it. What was merged finds the other one here already."""
    facts, key = row.facts, _free_key(places, row)
    if key is None and places.is_own:
        next_keys_follow()
    practice = Practice(
        pk=key, title=row.title, product=places.products.get(facts["product"] or ""),
        space=places.spaces[facts["space"]], organization=places.organizations[facts["organization"]],
        center=_center(places, facts), recorded_by=places.people[facts["recorded_by"]],
        owner=_person(places, facts["owner"]), consent_by=_person(places, facts["consent_by"]),
        merged_into=_target(places, facts), **{name: facts[name] for name in _SAME},
        **{name: moment(facts[name]) if facts.get(name) else None for name in _TIMES},
    )  # fmt: skip
    if key is None:
        practice.source_site, practice.source_id = row.site, row.id
    practice.source_url, practice.source_license = facts["origin"]["url"], facts["origin"]["license"]
    copy = copied_html if places.is_own else public_html
    practice.public_html = {name: copy(sanitize_again(html)) for name, html in facts["public_html"].items()}
    said_by(practice, row.texts)
    practice.save(force_insert=True)
    index_public(practice)
    practice.tags.set(_tags(facts["tags"]))
    practice.audience_organizations.set([places.organizations[slug] for slug in facts["audience_organizations"]])
    _restore_versions(places, practice, row)
    _restore_verdicts(places, practice, facts["verdicts"])
    KeptFinding.objects.bulk_create(
        KeptFinding(
            practice=practice, kind=each["kind"], digest=each["digest"], by=places.people[each["by"]],
            at=moment(each["at"]),
        )
        for each in places.kept.get(row.name, ())
    )  # fmt: skip
    return practice


def own_key(places: "Places", row: ArchivedPractice) -> int | None:
    """The key that a practice of this very site has, or had; None for those of others."""
    if not places.is_own or row.site != places.archive.site or len(row.id) > _MOST_DIGITS:
        return None
    return whole(row.id)


def _free_key(places: "Places", row: ArchivedPractice) -> int | None:
    key = own_key(places, row)
    return None if key is None or Practice.objects.filter(pk=key).exists() else key


def _tags(slugs: list[str]) -> list[Any]:
    found = []
    for start in range(0, min(len(slugs), _MOST_TAGS), 8):
        found += tags_named(slugs[start : start + 8])
    return found


def _center(places: "Places", facts: Mapping[str, Any]) -> Center | None:
    if facts["center"] is None:
        return None
    organization = places.organizations[facts["organization"]]
    return Center.objects.get_or_create(organization=organization, name=facts["center"])[0]


def _person(places: "Places", key: str | None) -> Member | None:
    return places.people[key] if key else None


def _target(places: "Places", facts: Mapping[str, Any]) -> Practice | None:
    target = facts["merged_into"]
    if target is None:
        return None
    if places.is_own and target["site"] == places.archive.site and target["id"].isdecimal():
        found = Practice.objects.filter(pk=int(target["id"]), source_site="").first()
        if found is not None:
            return found
    return Practice.objects.filter(source_site=target["site"], source_id=target["id"]).first()


def _restore_versions(places: "Places", practice: Practice, row: ArchivedPractice) -> None:
    PracticeVersion.objects.bulk_create(
        PracticeVersion(
            practice=practice, number=each["number"], title=row.title if each["title"] is None else each["title"],
            fields=practice.fields if each["fields"] is None else each["fields"],
            product=places.products.get(each["product"] or ""), tags=each["tags"], kind=each["kind"],
            restores=each["restores"], author=places.people[each["author"]], reason=each["reason"],
            moved=each.get("moved", {}),
            suggested_by=_person(places, each["suggested_by"]), at=moment(each["at"]),
        )
        for each in row.facts["versions"]
    )  # fmt: skip


def _restore_verdicts(places: "Places", practice: Practice, verdicts: list[dict[str, Any]]) -> None:
    """What was said; a closed review stands for those that had dealt with some of it."""
    review = None
    if any(each["answered"] for each in verdicts):
        review = Review.objects.create(
            practice=practice, kind=Review.Kind.CHALLENGED, version=practice.version, state=Review.State.CLOSED,
            outcome="kept", decided_by=practice.recorded_by, decided_at=practice.updated_at,
        )  # fmt: skip
    Verdict.objects.bulk_create(
        Verdict(
            practice=practice, member=places.people[each["member"]],
            organization=places.organizations[each["organization"]], kind=each["kind"], environment=each["environment"],
            note=each["note"], version=each["version"], at=moment(each["at"]),
            superseded_at=moment(each["superseded_at"]) if each["superseded_at"] else None,
            answered_by=review if each["answered"] else None,
        )
        for each in verdicts
    )  # fmt: skip


def next_keys_follow() -> None:
    """Have new practices get keys behind those that were given by hand."""
    statements = connection.ops.sequence_reset_sql(no_style(), [Practice])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
