"""For what to ask somebody: what they say, what is certified, and what their answers show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from community.models import Member
from reputation.models import Certificate, Skill
from reputation.queries.deeds import Deeds
from reputation.queries.skills import skills_of
from reputation.queries.standing import Expertise
from threads.queries.catalog import product_names
from threads.queries.contributions import topics_of

_LEVELS = {level.value: 100 * level.value for level in Skill.Level}


@dataclass(frozen=True)
class Topic:
    """One topic of a member. `standing` is 0 where the viewer meets the topic nowhere; `links` are what it rests on,
    as far as the viewer sees it."""

    scope: str
    label: str
    skill: Skill | None
    standing: int
    deeds: Deeds
    links: tuple[dict[str, str], ...]
    certificates: tuple[Certificate, ...]

    @property
    def noun(self) -> str:
        """`tag` or `product`."""
        return self.scope.partition(":")[0]

    @property
    def slug(self) -> str:
        """Its slug."""
        return self.scope.partition(":")[2]


def known_topics(
    viewer: Member,
    member: Member,
    certificates: Sequence[Certificate],
    deeds: Mapping[str, Deeds],
    titles: Mapping[str, dict[str, str]],
) -> list[Topic]:
    """Everything for which the member, who has these certificates in force, can be asked, best first.

    What they say is public, what is computed only where the viewer meets the tag. `titles` are those of what the deeds
    were done for, where the viewer sees it.
    """
    skills = {row.scope: row for row in skills_of(member)}
    earned = {f"{each.noun}:{each.slug}": each for each in topics_of(viewer, member)}
    held: dict[str, list[Certificate]] = {}
    for row in certificates:
        held.setdefault(row.scope, []).append(row)
    scopes = [*dict.fromkeys([*skills, *earned, *held])]
    names = product_names(scope.partition(":")[2] for scope in scopes if scope.startswith("product:"))
    found = [
        Topic(
            scope=scope,
            label=_label(scope, names),
            skill=skills.get(scope),
            standing=earned[scope].points if scope in earned else 0,
            deeds=_deeds(deeds, scope) if scope in earned else Deeds(),
            links=tuple(titles[name] for name in _deeds(deeds, scope).subjects if scope in earned and name in titles),
            certificates=tuple(held.get(scope, ())),
        )
        for scope in scopes
    ]
    return sorted(found, key=lambda topic: -_weight(topic, earned.get(topic.scope)))


def _deeds(deeds: Mapping[str, Deeds], scope: str) -> Deeds:
    return deeds.get(scope, Deeds())


def _label(scope: str, names: dict[str, str]) -> str:
    noun, _colon, slug = scope.partition(":")
    return names.get(slug, slug) if noun == "product" else f"#{slug}"


def _weight(topic: Topic, earned: Expertise | None) -> int:
    declared = _LEVELS[topic.skill.level] if topic.skill else 0
    return declared + (earned.points if earned else 0) + 50 * len(topic.certificates)
