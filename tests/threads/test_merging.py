"""Merging: one stays, the other leads to it; no chains, no circles, and nothing of an end that one does not see."""

import pytest
from django.test import Client

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import Grant, Member
from reputation.models import Award
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.curating import RESOLUTION, fresh, recorded, revised
from threads.actions.claims import claim
from threads.actions.duplicates import dismiss_pair, propose_pair
from threads.actions.merging import MOVERS, merge_practices, unmerge
from threads.actions.retiring import retire, unretire
from threads.actions.reviews import start_review
from threads.actions.standard import Exposed, digest_of
from threads.actions.verdicts import say_verdict
from threads.models import DuplicatePair, KeptFinding, Practice, PracticeVersion, Review, SearchEntry, Verdict
from threads.queries.archive import PracticeFilter, browsed, canonical_of, practice_of
from threads.queries.similar import similar

pytestmark = pytest.mark.both_databases

WHY = "They say the same."


def merged(cast: Cast, source: Practice, target: Practice, **more: object) -> Practice:
    """The target, with the source merged into it by Cleo."""
    now = fresh(target)
    merge_practices(by=cast.cleo, source=source, target=now, reason=WHY, version=now.version, **more)  # type: ignore[arg-type]
    return fresh(target)


def curating(member: Member) -> int:
    """What a member earned by looking after practices of others."""
    return sum(Award.objects.filter(member=member, rule="review").values_list("points", flat=True))


def test_the_one_that_goes_leads_to_the_one_that_stays(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    now = merged(cast, source, target)
    gone = fresh(source)
    assert (gone.merged_into, gone.confidence, gone.claimed_by) == (now, "archived", None)
    assert (now.version, now.fields) == (target.version, target.fields)
    last = PracticeVersion.objects.filter(practice=source).order_by("-number")[0]
    assert (last.kind, last.reason, last.author) == ("merged", WHY, cast.cleo)
    assert canonical_of(cast.zoe, gone) == now
    assert practice_of(cast.zoe, source.thread) == now  # type: ignore[arg-type]


def test_what_tells_of_somebody_is_masked_or_kept(cast: Cast) -> None:
    """Also what was kept in the one that goes, because other people read the one that stays."""
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    told = "Ask jan@firma.cz, then switch R7 off on gw1.corp."
    with pytest.raises(Exposed) as refused:
        merged(cast, source, target, fields={"resolution": told})
    found = {each.detail.text: digest_of(each) for each in refused.value.found}
    assert set(found) == {"jan@firma.cz", "gw1.corp"}
    assert fresh(source).merged_into is None
    chosen = {"keep": [found["gw1.corp"]], "mask": [found["jan@firma.cz"]]}
    now = merged(cast, source, target, fields={"resolution": told}, **chosen)
    assert now.resolution == "Ask [email-1], then switch R7 off on gw1.corp."
    assert KeptFinding.objects.get(practice=target).by == cast.cleo


def test_merging_earns_what_reviewing_does_unless_it_is_ones_own(cast: Cast) -> None:
    """Taken back with the merging, and given once however often it is merged."""
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    for _again in range(2):
        merged(cast, source, target)
        assert curating(cast.cleo) == 15
        unmerge(by=cast.cleo, practice=fresh(source), reason="They differ after all.")
        assert curating(cast.cleo) == 0
    own = recorded(cast, "Mail is slow", by=cast.cleo)
    merged(cast, own, target)
    assert curating(cast.cleo) == 0


def test_telling_apart_earns_too_but_not_what_one_proposed(cast: Cast) -> None:
    first, second, third = (recorded(cast, f"Mail loops, {name}") for name in ("one", "two", "three"))
    for proposer, other in ((cast.zoe, second), (cast.cleo, third)):
        dismiss_pair(by=cast.cleo, pair=propose_pair(by=proposer, practice=first, other=other))
    assert curating(cast.cleo) == 15
    dismiss_pair(by=cast.cleo, pair=propose_pair(by=cast.zoe, practice=first, other=second))
    assert curating(cast.cleo) == 15, "the same two again"


def test_it_is_found_no_more(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    merged(cast, source, target)
    assert not SearchEntry.objects.filter(kind="practice", object_id=source.pk).exists()
    assert [hit.id for hit in similar(cast.zoe, source.title, kinds=("practice",))] == [target.pk]
    assert [row.pk for row in browsed(cast.zoe, PracticeFilter()).practices] == [target.pk]
    unmerge(by=cast.cleo, practice=fresh(source), reason="They differ after all.")
    assert SearchEntry.objects.filter(kind="practice", object_id=source.pk).exists()


def test_its_page_leads_there_and_back(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    merged(cast, source, target)
    client = signed_in(cast.zoe)
    answer = client.get(source.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (302, target.get_absolute_url())
    page = client.get(target.get_absolute_url()).content.decode()
    assert "You came from “Mail goes round in circles”" in page
    assert f"{source.get_absolute_url()}?here=1" in page
    here = client.get(f"{source.get_absolute_url()}?here=1")
    assert here.status_code == 200
    assert target.get_absolute_url() in here.content.decode()


def test_nothing_is_said_of_an_end_that_one_does_not_see(cast: Cast) -> None:
    """Ada's own organization sees both; Zoe sees one of them, whichever way it went."""
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    secret = recorded(cast, "Relay of Northwind", audience="organization")
    open_one = recorded(cast)
    merge_practices(by=cast.olga, source=open_one, target=secret, reason=WHY, version=1)
    zoe = signed_in(cast.zoe)
    page = zoe.get(open_one.get_absolute_url())
    assert page.status_code == 200
    assert "Merged into another practice." in page.content.decode()
    _tells_nothing(zoe, open_one, secret)
    assert signed_in(cast.ada).get(open_one.get_absolute_url()).status_code == 302
    unmerge(by=cast.olga, practice=fresh(open_one), reason="The wrong way round.")
    merge_practices(by=cast.olga, source=secret, target=fresh(open_one), reason=WHY, version=fresh(open_one).version)
    assert zoe.get(secret.get_absolute_url()).status_code == 404
    _tells_nothing(zoe, open_one, secret)
    assert secret.title in signed_in(cast.ada).get(open_one.get_absolute_url()).content.decode()


def _tells_nothing(client: Client, seen: Practice, secret: Practice) -> None:
    for address in (seen.get_absolute_url(), f"{seen.get_absolute_url()}?here=1", "/archive/", "/search/?q=Northwind"):
        page = client.get(address).content.decode()
        assert secret.title not in page, address
        assert f'"{secret.get_absolute_url()}' not in page, address


def test_chains_are_flat_and_circles_refused(cast: Cast) -> None:
    first, second, third = (recorded(cast, f"Mail loops, {name}") for name in ("one", "two", "three"))
    merged(cast, first, second)
    merged(cast, second, third)
    assert fresh(first).merged_into == fresh(second).merged_into == third
    for source, target in ((third, first), (third, second), (first, third), (third, third)):
        with pytest.raises(Conflict):
            merged(cast, source, target)
    assert fresh(third).merged_into is None
    unmerge(by=cast.cleo, practice=fresh(second), reason="It differs.")
    assert (fresh(first).merged_into, fresh(second).merged_into) == (third, None)
    assert fresh(second).confidence == "not_validated"


def test_text_is_taken_over_as_a_version(cast: Cast) -> None:
    source = recorded(cast, "Mail goes round in circles", resolution=f"{RESOLUTION} Then flush the queue.")
    target = recorded(cast)
    now = merged(cast, source, target, fields={"resolution": source.resolution})
    assert (now.version, now.resolution) == (2, source.resolution)
    last = PracticeVersion.objects.filter(practice=target).order_by("-number")[0]
    assert (last.kind, last.reason, last.author) == ("merged", WHY, cast.cleo)


def test_text_never_goes_where_it_may_not_be_read(cast: Cast) -> None:
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    secret = recorded(cast, "Relay of Northwind", audience="organization", resolution="Ask Northwind for the key.")
    target = recorded(cast)
    with pytest.raises(Conflict, match="may not see"):
        merge_practices(
            by=cast.olga, source=secret, target=target, reason=WHY, version=1, fields={"resolution": secret.resolution}
        )
    with pytest.raises(Conflict, match="same people"):
        merge_practices(by=cast.olga, source=secret, target=target, reason=WHY, version=1, carry_verdicts=True)
    assert (fresh(target).version, fresh(secret).merged_into) == (1, None)


def test_what_was_said_counts_on_only_when_asked(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    for who in (cast.zoe, cast.finn):
        say_verdict(by=who, practice=source, kind="worked")
    say_verdict(by=cast.zoe, practice=target, kind="failed", note="Not on version 9, it went on.")
    now = merged(cast, source, target)
    assert (now.worked, now.failed) == (0, 1)
    unmerge(by=cast.cleo, practice=fresh(source), reason="Once more.")
    now = merged(cast, fresh(source), target, carry_verdicts=True)
    assert (now.worked, now.failed) == (1, 1), "Zoe has spoken of the target herself"
    assert Verdict.objects.filter(practice=source, superseded_at__isnull=True).count() == 2, "they stay where they were"


def test_what_hangs_on_it_goes_along(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[tuple[int, int]] = []
    also = [*MOVERS, lambda one, other: moved.append((one.pk, other.pk))]
    monkeypatch.setattr("threads.actions.merging.MOVERS", also)
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    pair = propose_pair(by=cast.zoe, practice=source, other=target)
    review = start_review(by=cast.cleo, practice=source)
    merged(cast, source, target)
    assert moved == [(source.pk, target.pk)]
    assert DuplicatePair.objects.get(pk=pair.pk).state == "merged"
    assert Review.objects.get(pk=review.pk).outcome == "merged"


@pytest.mark.parametrize("who", ["ada", "ben", "mo", "zoe"])
def test_only_curators_of_both_merge(cast: Cast, who: str) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    with pytest.raises(Forbidden):
        merge_practices(by=getattr(cast, who), source=source, target=target, reason=WHY, version=1)


def test_an_end_that_is_not_seen_is_not_there(cast: Cast) -> None:
    secret, target = recorded(cast, "Relay of Northwind", audience="organization"), recorded(cast)
    for source, other in ((secret, target), (target, secret)):
        with pytest.raises(NotThere):
            merge_practices(by=cast.cleo, source=source, target=other, reason=WHY, version=1)


def test_what_cannot_be_merged(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    with pytest.raises(Invalid):
        merge_practices(by=cast.cleo, source=source, target=target, reason=" ", version=1)
    revised(target, cast.ben, cause="A rule.")
    with pytest.raises(Conflict, match="Compare again"):
        merge_practices(by=cast.cleo, source=source, target=target, reason=WHY, version=1)
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    claim(by=cast.zoe, practice=target)
    with pytest.raises(Conflict, match="Zoe"):
        merged(cast, source, target)
    retire(by=cast.cleo, practice=source, reason=WHY)
    with pytest.raises(Conflict):
        merge_practices(by=cast.zoe, source=source, target=fresh(target), reason=WHY, version=2)
    with pytest.raises(Conflict):
        unmerge(by=cast.cleo, practice=source, reason=WHY)


def test_a_merged_practice_is_brought_back_only_by_taking_the_merging_back(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    merged(cast, source, target)
    with pytest.raises(Conflict):
        unretire(by=cast.cleo, practice=fresh(source), reason=WHY)
    with pytest.raises(Forbidden):
        unmerge(by=cast.zoe, practice=fresh(source), reason=WHY)
