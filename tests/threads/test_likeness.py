"""Likeness in whole numbers: what words count, and that both databases find and add up as plain Python does."""

from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.events.duties import duties
from tests.cast import Cast
from tests.threads.findings import post, titles
from tests.threads.playing import mo_writes
from tests.threads.practicing import recorded
from threads.actions import postings as keeping
from threads.actions.indexing import rebuild_index
from threads.actions.merging import merge_practices
from threads.actions.postings import count_all_words, count_words, put_postings
from threads.actions.posts import delete_post, edit_post, post_reply, restore_post
from threads.actions.practices import edit_practice
from threads.actions.threads import edit_thread
from threads.models import SHELF_OF, SHELVES, Posting, Practice, SearchEntry, SearchWord, Shelf
from threads.queries.alike import Sight, alike, read
from threads.queries.postings import postings
from threads.queries.postings.base import MOST_WORDS
from threads.queries.similar import similar
from threads.rules.likeness import (
    MOST_IMPACTS,
    MOST_WEIGHT,
    MOST_WEIGHTS,
    Weight,
    counts_of,
    impacts,
    score_of_itself,
    weighted,
)

both = pytest.mark.both_databases
WORDS = ["lamp", "mail", "queue", "gateway", "slow", "firmware", "zigbee", "night"]


def test_impacts_by_hand() -> None:
    """K1 2, B 0.85, against a length of 100; the title's words stand there three times."""
    assert impacts("lamp", "", "") == {"lamp": round(1000 * 3 * 3 / (3 + 2 * (0.15 + 0.85 * 3 / 100)))}
    short = impacts("", "zigbee", "mail mail slow")
    assert short["mail"] == round(1000 * 2 * 3 / (2 + 2 * (0.15 + 0.85 * 4 / 100)))
    assert short["zigbee"] == short["slow"] < short["mail"]
    assert impacts("", "", "lamp " * 50)["lamp"] < impacts("", "", "lamp " * 5)["lamp"] + 1000
    assert impacts("", "", "") == {}


def test_a_long_text_has_its_heaviest_words() -> None:
    words = [f"w{number:04}" for number in range(MOST_IMPACTS + 50)]
    found = impacts("", "", " ".join([*words, *words[-20:]]))
    assert len(found) == MOST_IMPACTS
    assert set(words[-20:]) < set(found), "those that stand there twice"
    assert all(1 <= impact <= 3000 for impact in found.values())


def test_a_text_counts_its_title_three_times_and_no_more_than_a_part_of_it() -> None:
    assert counts_of("Lamp\nlamp mail") == {"lamp": 4, "mail": 1}
    assert counts_of("\n\n mail") == {"mail": 3}
    assert len(counts_of(" ".join(f"w{number}" for number in range(1000)))) == 200


def test_rare_words_weigh_more_and_none_too_much() -> None:
    known = {"lamp": (1, 900), "mail": (2, 3), "gone": (3, 0)}
    weights = weighted({"lamp": 1, "mail": 1, "gone": 1, "unknown": 9}, known, 1000)
    assert [each.word for each in weights] == ["gone", "mail", "lamp"]
    assert weighted({"lamp": 10**9}, {"lamp": (1, 1)}, 10**9)[0].weight == MOST_WEIGHT
    many = {f"w{number}": 1 for number in range(200)}
    assert len(weighted(many, dict.fromkeys(many, (1, 1)), 10)) == MOST_WEIGHTS


def test_nothing_scores_more_than_the_text_itself() -> None:
    counts = counts_of("Mail slow\nmail queue")
    weights = weighted(counts, {word: (key, 5) for key, word in enumerate(counts)}, 100)
    own = impacts("mail slow", "", "mail queue")
    assert score_of_itself(counts, weights) == sum(each.weight * own[each.word] for each in weights)


Entries = list[tuple[str, str, str]]
entries_of = st.lists(
    st.tuples(st.sampled_from(sorted(SHELF_OF)), *[st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)] * 2),
    max_size=30,
)


def written(rows: Entries) -> list[SearchEntry]:
    """Entries with these words, and their postings."""
    made = [
        SearchEntry.objects.create(kind=kind, subject_id=number, object_id=number, title=title, body=body)
        for number, (kind, title, body) in enumerate(rows, start=1)
    ]
    put_postings(made)
    return made


def best_by_hand(made: list[SearchEntry], weights: list[Weight], kind: str, per: int, most: int) -> list[int]:
    """The same as the database is asked for."""
    said = {entry.pk: impacts(entry.title, "", entry.body) for entry in made if entry.kind == kind}
    sums: dict[int, int] = {}
    for each in weights:
        listed = sorted(((said[pk].get(each.word, 0), pk) for pk in said), reverse=True)[:per]
        for impact, pk in listed:
            if impact:
                sums[pk] = sums.get(pk, 0) + impact * each.weight
    return sorted(sums, key=lambda pk: (-sums[pk], -pk))[:most]


@both
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(rows=entries_of, asked=st.lists(st.sampled_from(WORDS), min_size=1, max_size=20), per=st.integers(1, 6))
def test_both_databases_find_and_add_up_as_python_does(db: None, rows: Entries, asked: list[str], per: int) -> None:
    with transaction.atomic():
        made = written(rows)
        weights = list(read(" ".join(asked)).weights)
        for kind, shelf in SHELF_OF.items():
            hand = best_by_hand(made, weights, kind, per, 5)
            assert list(postings().best(weights, shelf, per=per, most=5)) == hand
            mine = [entry for entry in made if entry.kind == kind]
            own = {entry.pk: impacts(entry.title, "", entry.body) for entry in mine}
            exact = {pk: sum(each.weight * own[pk].get(each.word, 0) for each in weights) for pk in own}
            found = postings().scores([entry.pk for entry in mine], weights, shelf)
            assert found == {pk: score for pk, score in exact.items() if score}
        transaction.set_rollback(True)


@both
def test_one_word_that_everything_has_is_bounded(db: None) -> None:
    made = SearchEntry.objects.bulk_create(
        SearchEntry(kind="thread", subject_id=number, object_id=number, title="lamp", body=f"w{number}")
        for number in range(1, 2_001)
    )
    put_postings(made)
    weights = read("lamp").weights
    assert len(postings().best(weights, Shelf.THREAD, per=500, most=600)) == 500
    assert postings().best(weights, Shelf.THREAD, per=10, most=3) == [entry.pk for entry in made[:-4:-1]]


def check_postings() -> None:
    """What is kept is what the entries say, to the last word."""
    said: set[tuple[int, int, str, int]] = set()
    for entry in SearchEntry.objects.filter(kind__in=SHELF_OF):
        found = impacts(entry.title, entry.labels, entry.body)
        said |= {(entry.pk, SHELF_OF[entry.kind], word, impact) for word, impact in found.items()}
    words = dict(SearchWord.objects.values_list("pk", "word"))
    kept = {(row.entry_id, row.slot % SHELVES, words[row.slot // SHELVES], row.impact) for row in Posting.objects.all()}
    assert kept == said


@both
def test_postings_say_at_every_moment_what_the_entries_say(cast: Cast) -> None:
    thread = post(cast, "Old words", tags=["burrow"])
    check_postings()
    post_reply(by=cast.ben, thread=thread, body="A reply about marmots.")
    edit_post(by=cast.ada, post=thread.posts.get(number=1), title="New phrasing", body="Entirely rewritten.")
    edit_thread(by=cast.ada, thread=thread, title="Third wording", tags=["holes"])
    check_postings()
    practices = [recorded(cast), recorded(cast, title="Another title")]
    edit_practice(by=cast.cleo, practice=practices[0], fields={"resolution": "Use velvet."}, version=1)
    mo_writes(cast)
    check_postings()
    merge_practices(by=cast.cleo, source=practices[1], target=practices[0], reason="The same.", version=2)
    reply = post_reply(by=cast.ben, thread=thread, body="Once more.")
    restore_post(by=cast.ben, post=delete_post(by=cast.ben, post=reply))
    check_postings()
    assert set(Posting.objects.values_list("slot", flat=True).distinct()), "there is something to check"


@both
def test_a_write_undone_leaves_no_postings(cast: Cast) -> None:
    with transaction.atomic():
        post(cast, "Phantom printer")
        transaction.set_rollback(True)
    assert not Posting.objects.exists()
    assert not SearchWord.objects.filter(word="phantom").exists()


@both
def test_what_says_the_same_as_before_is_not_written_again(cast: Cast) -> None:
    thread = post(cast, "Lamp flickers")
    before = set(Posting.objects.values_list("slot", "impact", "entry_id"))
    entry = SearchEntry.objects.get(kind="thread", subject_id=thread.pk)
    with CaptureQueriesContext(connection) as said:
        put_postings([entry])
    assert not [each["sql"] for each in said if each["sql"].startswith(("INSERT", "DELETE"))]
    assert set(Posting.objects.values_list("slot", "impact", "entry_id")) == before


@both
def test_of_what_changes_only_that_is_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = listed("thread", 1, "lamp mail queue")
    written: list[tuple[str, int]] = []

    def noted(verb: str) -> None:
        do = getattr(postings(), verb)

        def note(_self: object, rows: list[tuple[int, int, int]]) -> None:
            written.append((verb, len(rows)))
            do(rows)

        monkeypatch.setattr(type(postings()), verb, note)

    noted("put")
    noted("drop")
    entry.body = "lamp mail gateway"
    entry.save()
    put_postings([entry])
    assert written == [("drop", 1), ("put", 1)]
    check_postings()


@both
def test_rebuilding_mends_postings_and_words(cast: Cast) -> None:
    post(cast, "Lamp flickers")
    Posting.objects.filter(impact__gt=2000).delete()
    Posting.objects.create(slot=4_000_000, impact=1, entry_id=999_999)
    SearchWord.objects.create(word="nowhere")
    list(rebuild_index())
    check_postings()
    assert not SearchWord.objects.filter(word="nowhere").exists()


@both
def test_words_are_counted_by_the_worker_oldest_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "count words" in {duty.name for duty in duties()}
    for title in ("Lemur one", "Lemur two", "Gecko"):
        post(cast, title)
    assert set(SearchWord.objects.values_list("counted_at", flat=True)) == {None}
    whole = SearchWord.objects.count()
    monkeypatch.setattr(keeping, "COUNTED_AT_ONCE", whole - 1)
    assert count_words() == whole - 1
    assert SearchWord.objects.filter(counted_at__isnull=True).count() == 1
    count_words()
    assert SearchWord.objects.get(word="lemur").documents == 2
    assert SearchWord.objects.get(word="gecko").documents == 1
    post(cast, "Lemur three")
    assert SearchWord.objects.get(word="lemur").documents == 2, "it may be behind"
    assert sum(count_all_words()) == SearchWord.objects.count()
    assert SearchWord.objects.get(word="lemur").documents == 3


@both
@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_new_words_at_once_do_not_block_each_other_for_good(cast: Cast) -> None:
    """Nor is a word made twice."""
    failed: list[BaseException] = []
    together = Barrier(2)

    def write(number: int) -> None:
        try:
            for turn in range(8):
                together.wait(30)
                post(cast, f"zebra{turn} yak{turn} xerus{turn}", f"aardvark{turn} bison{turn}")
        except BaseException as error:  # noqa: BLE001  (told by the test)
            failed.append(error)
            together.abort()
        finally:
            connection.close()

    writers = [Thread(target=write, args=(number,)) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert failed == []
    check_postings()


@both
@pytest.mark.django_db(transaction=True)
def test_a_site_from_before_is_filled_by_the_migration(cast: Cast) -> None:
    post(cast, "Kept through it all")
    recorded(cast)
    mo_writes(cast)
    call_command("migrate", "threads", "0018", verbosity=0)
    assert not SearchEntry.objects.filter(kind="playbook").exists(), "as nobody wrote them before"
    call_command("migrate", "threads", verbosity=0)
    check_postings()
    assert titles(similar(cast.ada, "kept through"))[0] == "Kept through it all"
    assert titles(similar(cast.ada, "long queues", kinds=["playbook"])) == ["Long queues"]
    assert not SearchWord.objects.filter(counted_at__isnull=True).exists()
    assert SearchWord.objects.get(word="queue").documents == 2


def listed(kind: str, number: int, body: str) -> SearchEntry:
    """An entry with this text, and its postings."""
    entry = SearchEntry.objects.create(kind=kind, subject_id=number, object_id=number, body=body)
    put_postings([entry])
    return entry


@both
@pytest.mark.parametrize("own", [30, 150])
def test_what_has_many_words_of_its_own_finds_its_twin(cast: Cast, own: int) -> None:
    """As with a log in it."""
    log = " ".join(f"0x{number:04}ff" for number in range(own))
    practice = recorded(cast, title="Gateway asleep", resolution=f"Amber basin cedar delta. {log} {log}")
    twin = recorded(cast, title="Other name", resolution="Amber basin cedar delta.")
    text = f"{practice.title}\n{practice.problem}\n{practice.resolution}"
    assert ("practice", twin.pk) in {(hit.kind, hit.id) for hit in similar(cast.ada, text, exclude=practice)}
    assert twin.pk in {pk for pk, _share in alike_practices(cast, text, practice)}


def alike_practices(cast: Cast, text: str, practice: Practice) -> list[tuple[int, int]]:
    asked = read(text, besides={("practice", practice.pk), ("thread", practice.thread_id or 0)})
    return [(each.id, each.score) for each in alike(Sight(cast.ada, "practice"), asked.weights)]


@both
def test_words_that_nothing_on_the_shelf_has_take_no_others_place(db: None) -> None:
    rare = [f"rare{number}" for number in range(MOST_WORDS + 6)]
    listed("thread", 1, " ".join(rare))
    wanted = listed("practice", 2, "lamp")
    listed("practice", 3, "lamp lamp")
    weights = read(" ".join([*rare, *rare, "lamp"])).weights
    assert "lamp" not in {each.word for each in weights[:MOST_WORDS]}
    assert wanted.pk in postings().best(weights, Shelf.PRACTICE, per=9, most=9)


@both
def test_where_rare_words_give_hardly_any_the_others_are_asked_as_well(cast: Cast) -> None:
    rare = [f"rare{number}" for number in range(MOST_WORDS + 6)]
    for number, word in enumerate(rare, start=1):
        listed("practice", 1000 + number, word)
    twin = recorded(cast, title="Other name", resolution="Amber basin.")
    weights = read(" ".join([*rare * 3, "amber"])).weights
    assert "amber" not in {each.word for each in weights[:MOST_WORDS]}
    assert twin.pk in {each.id for each in alike(Sight(cast.ada, "practice"), weights)}


@both
def test_a_word_of_its_own_counts_until_another_has_it(db: None) -> None:
    """However long ago the words were counted; and in how like it others are it counts either way."""
    listed("practice", 1, "lamp unheard")
    listed("practice", 2, "lamp")
    count_words()
    asked = read("lamp unheard", besides={("practice", 1)})
    assert [each.word for each in asked.weights] == ["lamp"]
    assert asked.most == read("lamp unheard").most
    listed("practice", 3, "unheard")
    assert {each.word for each in read("lamp unheard", besides={("practice", 1)}).weights} == {"lamp", "unheard"}
