"""Showing a practice to more people, or to fewer. What was said before stays with whom it was said to.

`actions.publishing` shows it to strangers.
"""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member, Organization
from community.rules import clock
from threads.actions.index_work import put_opened
from threads.actions.locking import lock_practice
from threads.actions.practice_telling import spread, tell_practice
from threads.actions.publishing import PUBLISHED, check_publishable, take_in, write_public
from threads.actions.standard import INSIDE, NETWORK, PUBLIC, check_details, check_own_names
from threads.actions.states import keep_state
from threads.facts.practices import PRACTICE_CHANGED
from threads.models import BEYOND_THE_SPACE, Adoption, AudienceChange, Practice, PracticeAudience
from threads.policies.practices import may_change_audience, may_see
from threads.queries.practice_audience import Reach, chosen_among, nameable_for, reach_of
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line

_LEVELS = {PracticeAudience.NETWORK: NETWORK, PracticeAudience.PUBLIC: PUBLIC}


@action
def change_audience(
    *,
    by: Member,
    practice: Practice,
    audience: str,
    preview: str,
    reason: str,
    organizations: Collection[Organization] = (),
    files: Collection[UUID] = (),
    keep: Collection[str] = (),
) -> Practice:
    """Show a practice to those on this rung, and to nobody else; `preview` stands for what was shown of that before.

    Of the files of its thread only the `files` go along. `keep` names details in the text that are needed.

    Raises NotThere and Forbidden, Conflict when it is unfinished, not fit for strangers, or other than the preview;
    Exposed when its text tells of somebody.
    """
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_change_audience(by, practice, audience):
        raise Forbidden("may_not_change_audience")
    named = list(dict.fromkeys(organizations)) if audience == PracticeAudience.ORGANIZATIONS else []
    check_audience(practice, audience, named)
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    reach = reach_of(practice, audience, named)
    if preview != reach.digest:
        raise Conflict("preview_changed")
    level = _LEVELS.get(PracticeAudience(audience), INSIDE)
    check_details(by, {"title": practice.title, **practice.fields}, practice=practice, keep=keep, level=level)
    if _is_wider(practice.audience, audience, reach):
        check_own_names(by, practice)
    _show(practice, audience, named, by=by, reason=reason, reach=reach)
    practice.files.set(chosen_among(reach.files, files))
    return practice


def check_audience(practice: Practice, audience: str, organizations: Collection[Organization]) -> None:
    """Refuse an audience that a practice cannot have as it is, and organizations that cannot enter its space."""
    if practice.follows_record or practice.confidence == Practice.Confidence.WORK_IN_PROGRESS:
        raise Conflict("unfinished", _("While it is being worked on, those see it who see its thread."))
    if audience not in PracticeAudience.values:
        raise Invalid({"audience": _("Choose who may see it.")})
    if audience == PracticeAudience.CENTER and practice.center_id is None:
        raise Invalid({"audience": _("It belongs to no center. Choose another audience.")})
    if audience == PracticeAudience.PUBLIC:
        check_publishable(practice)
    if audience == PracticeAudience.ORGANIZATIONS:
        _check_named(practice, organizations)


def _check_named(practice: Practice, organizations: Collection[Organization]) -> None:
    if not organizations:
        raise Invalid({"organizations": _("Name at least one organization besides its own.")})
    within = set(nameable_for(practice).values_list("pk", flat=True))
    if outside := [each.name for each in organizations if each.pk not in within]:
        message = _("%(names)s cannot enter this space. Name others.")
        raise Invalid({"organizations": message % {"names": ", ".join(outside)}})


def _show(
    practice: Practice,
    audience: str,
    organizations: Collection[Organization],
    *,
    by: Member,
    reason: str,
    reach: Reach,
) -> None:
    before, ids = practice.audience, sorted(each.pk for each in organizations)
    named = set(practice.audience_organizations.values_list("pk", flat=True))
    if audience == before and (audience != PracticeAudience.ORGANIZATIONS or set(ids) == named):
        raise Conflict("no_change", _("It is for them already."))
    if before == PracticeAudience.PUBLIC:
        take_in(practice)
    practice.audience, practice.rejudge = audience, True
    if audience == PracticeAudience.PUBLIC:
        write_public(practice)
    practice.save(update_fields=["audience", "rejudge", *PUBLISHED])
    practice.audience_organizations.set(organizations)
    AudienceChange.objects.create(
        practice=practice, before=before, after=audience, organizations=ids, by=by, reason=reason, at=clock.now()
    )
    keep_state(practice, by=by, reason=reason, audience_before=before)
    if _is_wider(before, audience, reach):
        practice.history_from, practice.widened_at = practice.version, practice.updated_at
        practice.save(update_fields=["history_from", "widened_at"])
        Adoption.objects.filter(practice=practice, until__isnull=True).update(shares=Adoption.Shares.NOTHING)
        put_opened("practice", practice.pk)
        spread(practice, "new", by=by)
    data = {"practice": practice.pk, "confidence": practice.confidence, "version": practice.version}
    tell_practice(practice, PRACTICE_CHANGED, by=by, data=data)


def _is_wider(before: str, after: str, reach: Reach) -> bool:
    """Whether anybody may see it who could not. Beyond the space even who joins later and never sees the space."""
    return reach.more > 0 or (after in BEYOND_THE_SPACE and before not in BEYOND_THE_SPACE) or reach.strangers
