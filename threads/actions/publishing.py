"""Showing a practice to strangers: a copy of one version, which an edit does not change until it is published again."""

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, NotThere
from community.events import action
from community.models import Member
from community.rendering.markdown import mentioned_handles, plain_text, render
from community.rules import clock
from threads.actions.indexing import index_public
from threads.actions.locking import lock_practice
from threads.actions.standard import PUBLIC, check_details, check_own_names
from threads.actions.states import keep_state
from threads.models import RECORD_FIELDS, AudienceChange, Practice, PracticeAudience
from threads.policies.governance import governance_of
from threads.policies.practices import may_consent, may_publish, may_see
from threads.rendering.public import copied_html, public_html
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line

PUBLISHED = ("published_at", "published_version", "slug", "public_text", "public_html")
_SLUG_LENGTH = 60
_HANDLE = r"(?<![\w@])@(?:{})(?![\w-])"


@action
def consent_to_publish(*, by: Member, practice: Practice) -> Practice:
    """Agree, for the organization whose practice it is, that strangers may read it. Again changes nothing."""
    practice = _for_its_organization(by, practice)
    if practice.consent_by_id is None:
        practice.consent_by, practice.consent_at = by, clock.now()
        practice.save(update_fields=["consent_by", "consent_at"])
    return practice


@action
def withdraw_consent(*, by: Member, practice: Practice) -> Practice:
    """Agree no more: a public practice is taken back into the network at once."""
    practice = _for_its_organization(by, practice)
    practice.consent_by, practice.consent_at = None, None
    practice.save(update_fields=["consent_by", "consent_at"])
    if practice.audience == PracticeAudience.PUBLIC:
        back_into_the_network(practice, by=by, reason=_("Its organization agrees no more."))
    return practice


def _for_its_organization(by: Member, practice: Practice) -> Practice:
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_consent(by, practice):
        raise Forbidden("may_not_consent")
    return practice


@action
def publish(*, by: Member, practice: Practice, version: int) -> Practice:
    """Show strangers this version of a practice that is public, instead of the one that they read now.

    Raises Conflict when there is another version by now, or when it is not fit for strangers.
    """
    practice = _to_publish(by, practice)
    if version != practice.version:
        raise Conflict("revised_meanwhile", _("Somebody changed it meanwhile. Read it again, then publish."))
    check_publishable(practice)
    check_details(by, {"title": practice.title, **practice.fields}, practice=practice, level=PUBLIC)
    check_own_names(by, practice)
    write_public(practice)
    practice.save(update_fields=PUBLISHED)
    return practice


@action
def withdraw(*, by: Member, practice: Practice, reason: str) -> Practice:
    """Take a public practice back into the network: outside it is there no more."""
    practice = _to_publish(by, practice)
    back_into_the_network(practice, by=by, reason=one_line("reason", reason, most=REASON_LENGTH, needed=True))
    return practice


def _to_publish(by: Member, practice: Practice) -> Practice:
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_publish(by, practice):
        raise Forbidden("only_curators")
    if practice.audience != PracticeAudience.PUBLIC:
        raise Conflict("not_public", _("This practice is not public."))
    return practice


def back_into_the_network(practice: Practice, *, by: Member, reason: str) -> None:
    """Show a locked public practice to members alone, which its history tells; it may be made public again."""
    take_in(practice)
    practice.audience = PracticeAudience.NETWORK
    practice.save(update_fields=["audience", *PUBLISHED])
    AudienceChange.objects.create(
        practice=practice, before=PracticeAudience.PUBLIC, after=practice.audience, by=by, reason=reason, at=clock.now()
    )
    keep_state(practice, by=by, reason=reason, audience_before=PracticeAudience.PUBLIC)


def take_in(practice: Practice) -> None:
    """Have nothing of a locked practice outside any more, nor found there; its address stays its own.

    The caller saves `PUBLISHED`.
    """
    practice.published_at, practice.published_version = None, 0
    practice.public_text, practice.public_html = {}, {}
    index_public(practice)


def check_publishable(practice: Practice) -> None:
    """Raise Conflict unless a practice is fit for strangers: agreed to, validated, and nobody warns of it."""
    if practice.consent_by_id is None:
        raise Conflict("no_consent", _("An administrator of its organization has to agree first."))
    if practice.confidence != Practice.Confidence.VALIDATED or practice.warned_at is not None:
        raise Conflict("not_validated", _("Only what is validated, and what nobody warns of, is shown to strangers."))
    if governance_of(practice).by_approval and practice.reviewed_version != practice.version:
        raise Conflict("not_approved", _("This version has to be approved first."))


def write_public(practice: Practice) -> None:
    """Make the copy that strangers read of what a locked practice says now. The caller saves `PUBLISHED`.

    Members who are mentioned are nobody in it, and links into the network lead nowhere; those to other practices
    do while these are public themselves.
    """
    said = _without_people({"title": practice.title, **practice.fields})
    html = {name: render(said[name]) for name in RECORD_FIELDS}
    practice.public_html = {name: copied_html(text) for name, text in html.items()}
    texts = {name: plain_text(public_html(text)) for name, text in html.items()}
    practice.public_text = {"title": said["title"], **texts}
    index_public(practice)
    practice.published_version = practice.version
    practice.published_at = practice.published_at or clock.now()
    practice.slug = practice.slug or f"{slugify(said['title'])[:_SLUG_LENGTH].strip('-') or 'practice'}-{practice.pk}"


def _without_people(texts: dict[str, str]) -> dict[str, str]:
    """The texts, with "somebody" for each member whom they mention."""
    named = {handle for text in texts.values() for handle in mentioned_handles(text)}
    handles = list(Member.objects.filter(handle__in=named).values_list("handle", flat=True)) if named else []
    if not handles:
        return texts
    found = re.compile(_HANDLE.format("|".join(map(re.escape, handles))), re.IGNORECASE)
    return {name: found.sub(_("somebody"), text) for name, text in texts.items()}
