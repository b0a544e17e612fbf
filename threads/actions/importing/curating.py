"""Who looks after the practices of a site that is restored, as it was there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from community.models import Grant, Member, Space
from threads.actions.threads import tags_named
from threads.models import Governance, Keeper, Product
from threads.rules.archived import moment


@dataclass
class Curated:
    """How many rules of governance and curators were taken up."""

    rules: int = 0
    curators: int = 0


def restore_curation(
    done: Curated,
    facts: Mapping[str, Any],
    *,
    people: Mapping[str, Member],
    spaces: Mapping[str, Space],
    products: Mapping[str, Product],
    new: Collection[str],
) -> None:
    """Take up what is about spaces that came with the archive (`new`): what was here is looked after as it is here.

    Rules for the whole network come along where the site has none at all of its own.
    """
    own_rules = Governance.objects.exclude(space__slug__in=new).exists()
    for row in facts["governance"]:
        if row["space"] in new or (row["space"] is None and new and not own_rules):
            _restore_rule(row, people, spaces, products)
            done.rules += 1
    for row in facts["curators"]:
        if row["space"] not in new:
            continue
        Grant.objects.create(
            member=people[row["member"]], role=Grant.Role.CURATOR, space=spaces[row["space"]],
            granted_by=people[row["by"]] if row["by"] else None, granted_at=moment(row["at"]),
        )  # fmt: skip
        done.curators += 1


def _restore_rule(
    row: Mapping[str, Any], people: Mapping[str, Member], spaces: Mapping[str, Space], products: Mapping[str, Product]
) -> None:
    rule = Governance.objects.create(
        space=spaces[row["space"]] if row["space"] else None,
        product=products[row["product"]] if row["product"] else None,
        tag=tags_named([row["tag"]])[0] if row["tag"] else None,
        mode=row["mode"], reason=row["reason"], set_by=people[row["set_by"]], set_at=moment(row["set_at"]),
    )  # fmt: skip
    Keeper.objects.bulk_create(
        Keeper(governance=rule, member=people[each["member"]], since=moment(each["since"])) for each in row["keepers"]
    )
