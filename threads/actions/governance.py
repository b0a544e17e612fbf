"""Rules about who looks after which practices. Setting one has the worker judge those it is about anew."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from community.errors import Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member, Space
from community.policies.spaces import may_see_space
from community.rules import clock
from threads.models import Governance, Keeper, Product, Tag
from threads.policies.governance import governed_by, may_set_governance
from threads.rules.limits import MOST_KEEPERS, REASON_LENGTH
from threads.rules.texts import one_line


@action
def set_governance(
    *,
    by: Member,
    space: Space | None,
    product: Product | None = None,
    tag: Tag | None = None,
    mode: str,
    keepers: Collection[Member] = (),
    reason: str,
) -> Governance:
    """Say how the practices of a product or with a tag are looked after, in a space or in the whole network.

    By approval those are responsible who are named (`keepers`), beside the curators; by experience nobody in
    particular. The practices concerned are judged anew by the worker. The same again changes nothing.
    """
    if space is not None and not may_see_space(by, space):
        raise NotThere("no_space")
    if not may_set_governance(by, space, product=product, tag=tag):
        raise Forbidden("may_not_set_governance")
    _check(product, tag, mode, keepers, space)
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    rule, made = Governance.objects.select_for_update(of=("self",)).get_or_create(
        space=space, product=product, tag=tag, defaults={"mode": mode, "set_by": by, "reason": reason}
    )
    wanted = {keeper.pk for keeper in keepers} if mode == Governance.Mode.COMPLIANCE else set()
    if not made and rule.mode == mode and set(rule.kept_by.values_list("member_id", flat=True)) == wanted:
        return rule
    rule.mode, rule.set_by, rule.set_at, rule.reason = mode, by, clock.now(), reason
    rule.save(update_fields=["mode", "set_by", "set_at", "reason"])
    rule.kept_by.exclude(member_id__in=wanted).delete()
    new = sorted(wanted - set(rule.kept_by.values_list("member_id", flat=True)))
    Keeper.objects.bulk_create([Keeper(governance=rule, member_id=pk, since=clock.now()) for pk in new])
    governed_by(rule).update(rejudge=True)
    return rule


def _check(
    product: Product | None, tag: Tag | None, mode: str, keepers: Collection[Member], space: Space | None
) -> None:
    if (product is None) == (tag is None):
        raise Invalid({"product": _("Choose a product or a tag.")})
    if mode not in Governance.Mode.values:
        raise Invalid({"mode": _("Choose how they are looked after.")})
    if len(keepers) > MOST_KEEPERS:
        raise Invalid({"keepers": _("Name at most %(most)d people.") % {"most": MOST_KEEPERS}})
    for keeper in keepers:
        if not keeper.is_active or keeper.source_site or (space is not None and not may_see_space(keeper, space)):
            raise Invalid({"keepers": _("%(name)s cannot look after them there.") % {"name": keeper.name}})
