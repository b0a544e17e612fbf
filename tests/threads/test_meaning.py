"""What is found by meaning: the model's numbers, what `similar` makes of them, and that nobody finds what is hidden."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from community.events.duties import duties
from tests.cast import Cast
from tests.threads.findings import post, titles
from tests.threads.meaning import Listening, answering, fill, needs_model, switched_on, the_model
from tests.threads.practicing import recorded
from threads.actions import vectors
from threads.actions.indexing import unindex_post
from threads.actions.posts import edit_post
from threads.actions.reuse import use_practice
from threads.models import EmbeddingModel, Thread, Vector, VectorWork
from threads.queries.alike import Sight
from threads.queries.meaning import depth_of
from threads.queries.similar import similar
from threads.rules import passages as preparing
from threads.rules.passages import passages

pytestmark = [needs_model, pytest.mark.both_databases]

QUESTION = "How do I reset my password?"
SAME, OTHER = "I forgot my login secret and want a new one", "The cat sat on the mat"


@pytest.fixture(autouse=True)
def _model(settings: Any, tmp_path: Path) -> Iterator[None]:
    with switched_on(settings, tmp_path):
        yield


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the model takes longer; what is tested here is not how long."""
    monkeypatch.setattr("threads.queries.nearest_vectors.PATIENCE", 30.0)


def test_the_numbers_are_those_of_the_model() -> None:
    texts = (QUESTION, "I forgot my password and want a new one", "The cat sat on the mat")
    one, two, three = (the_model().vector(text, 256) for text in texts)
    assert [round(float(value), 4) for value in (one @ two, one @ three, two @ three)] == [0.7784, 0.0862, 0.0438]


def test_odd_texts_have_vectors() -> None:
    for text in ("", "x" * 100_000, "\0\ud800\u202e🜁"):
        vector = the_model().vector(text, 128)
        assert abs(float(vector @ vector) - 1) < 1e-4


def test_passages_overlap_and_each_says_the_title() -> None:
    found = passages("practice", "Title", " ".join(map(str, range(300))))
    assert [passage.split("\n")[0] for passage in found] == ["Title"] * 4
    assert found[1].split()[1:] == [str(number) for number in range(80, 190)]
    assert len(passages("thread", "Title", "word " * 5_000)) == 4
    assert passages("thread", "Title", "") == ["Title"]
    assert passages("thread", "", "") == []


@pytest.mark.usefixtures("quickly")
def test_what_says_it_in_other_words_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    same = post(cast, SAME, "Please help.")
    post(cast, OTHER, "It sleeps.")
    assert similar(cast.ben, QUESTION) == []
    with answering(monkeypatch):
        assert titles(similar(cast.ben, QUESTION)) == [same.title]
        assert similar(cast.ben, QUESTION, exclude=same) == []


@pytest.mark.usefixtures("quickly")
def test_votes_count_on_top(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    by_meaning = recorded(cast, title=SAME, problem="Please help.", resolution="Ask for another.")
    used = recorded(cast, title="Heating controller", problem="It forgets its access point.")
    use_practice(by=cast.ben, thread=post(cast, QUESTION, "Where?"), practice=used)
    with answering(monkeypatch):
        first, second = similar(cast.ben, QUESTION, kinds=["practice"])[:2]
    assert ({first.id, second.id}, first.because) == ({by_meaning.pk, used.pk}, "used in 1 thread like this")


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("most_few", [3_000, 0], ids=["among all that they see", "by asking for more"])
def test_nobody_finds_what_is_hidden_and_it_takes_nobodys_place(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, most_few: int
) -> None:
    seen = post(cast, SAME, "Please help.")
    hidden = [post(cast, QUESTION, "Where is the page?", audience="center") for _number in range(3)]
    few = (
        ("alike", "FEW_SEEN", 2),
        ("meaning", "FEW_SEEN", 2),
        ("meaning", "NEAREST", 2),
        ("few", "MOST_FEW", most_few),
    )
    for module, name, value in few:
        monkeypatch.setattr(importlib.import_module(f"threads.queries.{module}"), name, value)
    with answering(monkeypatch):
        assert {hit.id for hit in similar(cast.ada, QUESTION)} >= {thread.pk for thread in hidden}
        found = similar(cast.zoe, QUESTION)
        assert depth_of(Sight(cast.zoe, "thread")) == (2 if most_few else 12)
        assert similar(cast.zoe, QUESTION) == found, "though asked in another way"
    assert [hit.id for hit in found] == [seen.pk]
    assert found[0].score == 1.0


@pytest.mark.usefixtures("quickly")
def test_what_is_new_or_hidden_since_they_last_looked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody sees is remembered for a while; it is a proposal to the model and nothing more."""
    hidden = post(cast, "My login secret is gone", "Please help.")
    similar(cast.zoe, QUESTION)
    with answering(monkeypatch):
        assert titles(similar(cast.zoe, QUESTION)) == [hidden.title]
    Thread.objects.filter(pk=hidden.pk).update(audience="organization")
    new = post(cast, SAME, "Please help.")
    with answering(monkeypatch):
        assert titles(similar(cast.zoe, QUESTION)) == [new.title]


def test_without_the_model_nothing_is_put(cast: Cast, settings: Any) -> None:
    settings.SEMANTIC = False
    post(cast, SAME)
    assert not VectorWork.objects.exists()
    with pytest.raises(CommandError, match="switched off"):
        call_command("embed")


def test_what_was_written_is_made_anew_and_what_is_gone_is_dropped(cast: Cast) -> None:
    thread = post(cast, SAME, "Please help.")
    assert VectorWork.objects.get().subject_id == thread.pk
    assert fill() == 1
    assert not VectorWork.objects.exists()
    before = Vector.objects.get()
    problem = thread.posts.get(number=1)
    edit_post(by=cast.ada, post=problem, body="The same, said at length.", version=problem.version)
    assert VectorWork.objects.exists()
    assert fill() == 1
    assert bytes(Vector.objects.get().data) != bytes(before.data)
    assert fill() == 0
    unindex_post(thread.posts.get(number=1))
    assert not Vector.objects.exists()


def test_a_vector_of_what_was_said_before_is_not_kept(cast: Cast) -> None:
    thread = post(cast, SAME, "Please help.")
    fill()
    model, held = EmbeddingModel.objects.get(), Vector.objects.get()
    old = vectors.Part(preparing.digest_of("what it said before"), b"\0" * 768)
    assert vectors.keep_vectors(model=model, kind="thread", made={thread.pk: [old]}) == 0
    assert bytes(Vector.objects.get().data) == bytes(held.data)


def test_embed_interrupted_and_repeated(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from threads.management.model import filling, minilm

    for number in range(3):
        post(cast, f"Lamp {number} flickers")
    monkeypatch.setattr(minilm, "MiniLM", the_model)
    kept, times = vectors.keep_vectors, []

    def interrupted(**asked: Any) -> int:
        times.append(1)
        if len(times) > 1:
            raise KeyboardInterrupt
        return kept(**asked)

    with monkeypatch.context() as context:
        context.setattr(filling, "keep_vectors", interrupted)
        with pytest.raises(CommandError, match="goes on from there") as stopped:
            call_command("embed", batch=1, verbosity=0)
    assert stopped.value.returncode == 130
    assert (Vector.objects.count(), EmbeddingModel.objects.get().state) == (1, "filling")
    call_command("embed", batch=1, verbosity=0)
    assert (Vector.objects.count(), EmbeddingModel.objects.get().state) == (3, "current")


@pytest.mark.usefixtures("quickly")
def test_another_recipe_takes_over_without_a_gap(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer is of one model, and none is empty, while everything is prepared anew."""
    same = post(cast, SAME, "Please help.")
    fill()
    monkeypatch.setattr(vectors, "RECIPE", preparing.RECIPE + 1)
    listening = Listening(monkeypatch)
    listening.process._look()
    coming = listening.process._coming
    assert coming is not None
    while not coming.complete:
        coming.advance()
    listening.start()
    states = []
    try:
        for _round in range(40):
            busy = listening.process.step()
            listening.process._due.clear()
            states.append(tuple(EmbeddingModel.objects.order_by("pk").values_list("state", flat=True)))
            if listening.process._answering is not None:
                assert titles(similar(cast.ben, QUESTION)) == [same.title]
            if not busy and states[-1] == ("retired", "current"):
                break
    finally:
        listening.end()
    assert (states[0], states[-1]) == (("current", "filling"), ("retired", "current"))
    assert vectors.drop_retired in {duty.work for duty in duties()}
    assert vectors.drop_retired() == 0
    monkeypatch.setattr(vectors, "KEPT_FOR", -vectors.KEPT_FOR)
    assert vectors.drop_retired() == 1
    assert Vector.objects.get().model.recipe == preparing.RECIPE + 1


def test_a_kept_index_is_used_and_a_broken_one_made_anew(cast: Cast, tmp_path: Path) -> None:
    from threads.management.model.shelves import Shelves

    gone, stays = post(cast, SAME), post(cast, OTHER)
    fill()
    model = EmbeddingModel.objects.get()

    def loaded() -> Any:
        shelves = Shelves(model, tmp_path)
        while shelves.advance():
            pass
        return shelves

    loaded().save()
    Vector.objects.filter(subject_id=gone.pk).delete()
    assert set(loaded().shelves["thread"].parts) == {stays.pk}
    path = tmp_path / str(model.pk) / "thread"
    path.write_bytes(path.read_bytes()[:-7])
    assert set(loaded().shelves["thread"].parts) == {stays.pk}
    assert len(Shelves(model, tmp_path).shelves["thread"].parts) == 0, "what is broken is not read"


def test_the_web_processes_load_nothing_of_it() -> None:
    program = (
        "import sys, django; django.setup()\n"
        "import community.asgi, threads.queries.similar, realtime.management.commands.serve\n"
        "from threads.rules import semantic; assert semantic.installed()\n"
        "print(sorted(set(semantic.LIBRARIES) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
