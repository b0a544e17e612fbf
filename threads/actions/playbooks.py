"""Writing playbooks: making, changing, retiring and bringing back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member, Organization, Space
from community.policies.spaces import may_see_space
from community.rendering.markdown import render
from community.rules import clock
from threads.actions.audiences import check_chosen
from threads.actions.indexing import index_playbook
from threads.actions.threads import tags_named
from threads.models import Audience, Playbook, PlaybookVersion, Product
from threads.policies.playbooks import may_edit, may_make, may_see
from threads.queries.playbooks import keys_ever_used, practices_in, role_names
from threads.rules.limits import PURPOSE_LENGTH, REASON_LENGTH, TITLE_LENGTH
from threads.rules.playbooks import WHO, Step, checked
from threads.rules.texts import cleaned, one_line

RawSteps = Sequence[Mapping[str, Any]]


@action
def make_playbook(  # noqa: PLR0913  (a playbook has many parts, each with its own name)
    *,
    by: Member,
    space: Space,
    title: str,
    steps: RawSteps,
    purpose: str = "",
    kind: str = Playbook.Kind.RESOLUTION,
    product: Product | None = None,
    tags: Iterable[str] = (),
    audience: str = Audience.SPACE,
    organizations: Sequence[Organization] = (),
) -> Playbook:
    """Write a playbook down, for those chosen. Raises Invalid with what to do for unusable input."""
    if not may_see_space(by, space):
        raise NotThere("no_space")
    if not may_make(by, space, audience):
        raise Forbidden("may_not_make_playbook")
    check_chosen(by, space, audience, organizations)
    playbook = Playbook(
        space=space, organization_id=by.organization_id, center_id=by.center_id, audience=audience, product=product,
        made_by=by, made_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    _write(playbook, title=title, purpose=purpose, kind=kind, steps=_usable(by, steps))
    playbook.save()
    playbook.audience_organizations.set(organizations if audience == Audience.ORGANIZATIONS else ())
    playbook.tags.set(tags_named(tags))
    _keep(playbook, by=by, reason="")
    index_playbook(playbook)
    return playbook


@action
def edit_playbook(  # noqa: PLR0913  (a playbook has many parts, each with its own name)
    *,
    by: Member,
    playbook: Playbook,
    version: int,
    reason: str,
    title: str,
    steps: RawSteps,
    purpose: str = "",
    kind: str = Playbook.Kind.RESOLUTION,
    product: Product | None = None,
    tags: Iterable[str] = (),
) -> Playbook:
    """Change what a playbook says. `version` is the one that was changed; runs keep the steps that they have."""
    locked = _to_change(by, playbook, version)
    steps = _usable(by, steps, used=sorted(keys_ever_used(locked)), before=locked.steps)
    _write(locked, title=title, purpose=purpose, kind=kind, steps=steps)
    locked.product = product
    locked.tags.set(tags_named(tags))
    _become_next(locked, by=by, reason=one_line("reason", reason, most=REASON_LENGTH, needed=True))
    return locked


@action
def revert_playbook(*, by: Member, playbook: Playbook, number: int, version: int) -> Playbook:
    """Have it say again what version `number` says, as its newest one, with the product and tags that it had.

    `version` is the newest that was seen.
    """
    locked = _to_change(by, playbook, version)
    old = PlaybookVersion.objects.select_related("product").filter(playbook=locked, number=number).first()
    if old is None:
        raise NotThere("no_version")
    if number != locked.version:
        _write(locked, title=old.title, purpose=old.purpose, kind=old.kind, steps=old.steps)
        if old.tags is not None:
            locked.product = old.product
            locked.tags.set(tags_named(old.tags))
        _become_next(locked, by=by, reason=_("As in version %(n)d.") % {"n": number})
    return locked


@action
def keep_playbook(*, by: Member, playbook: Playbook, keeper: Member | None) -> Playbook:
    """Have a member look after it, who hears of what fails in it; or nobody but who made it."""
    locked = _locked(by, playbook)
    if not may_edit(by, locked):
        raise Forbidden("may_not_edit_playbook")
    if keeper and not (keeper.is_active and keeper.source_site == "" and may_see(keeper, locked)):
        raise Invalid({"member": _("Nobody of this handle sees the playbook. Look it up under People.")})
    locked.keeper = keeper
    locked.save(update_fields=["keeper"])
    return locked


@action
def retire_playbook(*, by: Member, playbook: Playbook) -> Playbook:
    """Have it started no more. Runs go on. Doing it again changes nothing."""
    return _retire(by, playbook, True)


@action
def restore_playbook(*, by: Member, playbook: Playbook) -> Playbook:
    """Bring a retired one back."""
    return _retire(by, playbook, False)


def _retire(by: Member, playbook: Playbook, retired: bool) -> Playbook:
    locked = _locked(by, playbook)
    if not may_edit(by, locked):
        raise Forbidden("may_not_edit_playbook")
    if (locked.retired_at is not None) != retired:
        locked.retired_at, locked.retired_by = (clock.now(), by) if retired else (None, None)
        locked.save(update_fields=["retired_at", "retired_by"])
    return locked


def _locked(by: Member, playbook: Playbook) -> Playbook:
    rows = Playbook.objects.select_for_update(of=("self",), no_key=True).select_related("space")
    locked = rows.filter(pk=playbook.pk).first()
    if locked is None or not may_see(by, locked):
        raise NotThere("no_playbook")
    return locked


def _to_change(by: Member, playbook: Playbook, version: int) -> Playbook:
    locked = _locked(by, playbook)
    if not may_edit(by, locked):
        raise Forbidden("may_not_edit_playbook")
    if locked.version != version:
        raise Conflict("revised_meanwhile", _("Somebody changed the playbook meanwhile. Read it again first."))
    if locked.retired_at is not None:
        raise Conflict("playbook_retired")
    return locked


def _become_next(playbook: Playbook, *, by: Member, reason: str) -> None:
    playbook.version, playbook.updated_at = playbook.version + 1, clock.now()
    playbook.save()
    _keep(playbook, by=by, reason=reason)
    index_playbook(playbook)


def _write(playbook: Playbook, *, title: str, purpose: str, kind: str, steps: list[Step]) -> None:
    if kind not in Playbook.Kind.values:
        raise Invalid({"kind": _("Choose what it is for from the list.")})
    playbook.title = one_line("title", title, most=TITLE_LENGTH, needed=True)
    playbook.purpose = cleaned("purpose", purpose, most=PURPOSE_LENGTH)
    playbook.purpose_html = render(playbook.purpose)
    playbook.kind, playbook.steps = kind, steps
    playbook.html = {step["key"]: render(step["text"]) for step in steps if step["text"]}


def _usable(by: Member, raw: RawSteps, used: Sequence[str] = (), before: Sequence[Step] = ()) -> list[Step]:
    """The steps, each naming only a practice that whoever writes it sees.

    One that they do not see, and so cannot have left out, stays with its step.
    """
    steps = checked(raw, used=used)
    roles = {*WHO, *role_names()}
    seen = practices_in(by, [*steps, *before])
    hidden = {step["key"]: step["practice"] for step in before if step["practice"] not in seen}
    for place, step in enumerate(steps):
        if step["practice"] is None:
            step["practice"] = hidden.get(step["key"])
        elif step["practice"] not in seen:
            raise Invalid({f"steps.{place}.practice": _("Give the number of a practice that you see.")})
        if step["who"] not in roles:
            raise Invalid({f"steps.{place}.who": _("Choose who does it from the list.")})
    return steps


def _keep(playbook: Playbook, *, by: Member, reason: str) -> None:
    PlaybookVersion.objects.create(
        playbook=playbook, number=playbook.version, title=playbook.title, purpose=playbook.purpose,
        kind=playbook.kind, product=playbook.product, tags=sorted(tag.slug for tag in playbook.tags.all()),
        steps=playbook.steps, author=by, reason=reason, at=playbook.updated_at,
    )  # fmt: skip
