"""What can be trusted further comes first: in the archive, in search, among likely answers."""

import pytest

from tests.cast import Cast
from tests.threads.findings import titles
from tests.threads.practicing import fresh, recorded, validated
from threads.actions.retiring import retire
from threads.actions.verdicts import say_verdict
from threads.models import Practice
from threads.queries.archive import PracticeFilter, browsed, canonical_of, practice_of, practice_rows
from threads.queries.search import search
from threads.queries.similar import similar

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def five(cast: Cast) -> list[str]:
    """The same text in five states: their titles, best first."""
    names = ["Mail stays alpha", "Mail stays bravo", "Mail stays charly", "Mail stays delta", "Mail stays echo"]
    retired = recorded(cast, title=names[4])
    warned = recorded(cast, title=names[3])
    recorded(cast, title=names[2])
    half = recorded(cast, title=names[1])
    validated(cast, title=names[0])
    say_verdict(by=cast.zoe, practice=half, kind="worked")
    say_verdict(by=cast.zoe, practice=warned, kind="dangerous", note="It made things worse here.")
    retire(by=cast.nia, practice=retired, reason="Not used any more.")
    Practice.objects.update(updated_at=fresh(half).updated_at)
    for practice in Practice.objects.all():
        practice.place = practice.place_now()
        practice.save(update_fields=["place"])
    return names


def test_the_order_is_that_of_trust(cast: Cast) -> None:
    names = five(cast)
    assert titles(search(cast.mo, "mail stays", kinds=("practice",)).hits) == names
    assert titles(similar(cast.mo, "Mail stays\nMail takes hours through the gateway.", kinds=("practice",))) == names
    rows = [row.thing().title for row in practice_rows(cast.mo, PracticeFilter())[0]]
    assert (rows[0], rows[-2:]) == (names[0], names[3:]), "a warned one steps back, a retired one is last"
    assert set(rows[1:3]) == set(names[1:3])


def test_the_archive_goes_on_from_page_to_page_in_either_order(cast: Cast) -> None:
    names = five(cast)
    for sort in ("best", "latest"):
        found, after = [], ""
        for _page in range(6):
            page = browsed(cast.mo, PracticeFilter(), sort=sort, after=after, limit=2)
            found += [practice.title for practice in page.practices]
            after = page.next or ""
            if not after:
                break
        assert sorted(found) == sorted(names)


def test_what_was_merged_is_found_where_it_went(cast: Cast) -> None:
    stays, gone = recorded(cast, title="Mail stays here"), recorded(cast, title="Mail stays there")
    Practice.objects.filter(pk=gone.pk).update(confidence="archived", merged_into=stays)
    assert titles(search(cast.mo, "mail stays", kinds=("practice",)).hits) == ["Mail stays here"]
    assert browsed(cast.mo, PracticeFilter()).practices == [stays]
    assert gone.thread is not None
    assert practice_of(cast.mo, gone.thread) == stays
    Practice.objects.filter(pk=stays.pk).update(audience="organization")
    assert practice_of(cast.mo, gone.thread) is None
    assert canonical_of(cast.mo, fresh(gone)) is None
    assert canonical_of(cast.ada, fresh(gone)) == stays
