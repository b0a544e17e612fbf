"""The sentence model, where it is installed: vectors of everything there is, and the process that answers by them."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from django.utils import timezone

from tests.benchmarks.processor import seconds_of

ROOT = Path(__file__).resolve().parents[3]
LONG = 60.0
_MOVED, _AT_ONCE = 0.035, 500


@contextmanager
def model_running(kind: str = "", *, patiently: bool) -> Iterator[bool]:
    """While this lasts `similar` asks it; False where it is not installed. `patiently`: each answer is waited for.

    Of things of a `kind` the vectors are made before; those of others the process makes meanwhile.
    """
    from threads.queries import nearest_vectors
    from threads.rules import semantic

    if not semantic.in_use():
        sys.stdout.write("the sentence model is not installed (bin/serve --semantic): words alone\n")
        yield False
        return
    os.environ["OMP_NUM_THREADS"] = "1"  # as the process has it
    if kind:
        _embed(kind)
    process = subprocess.Popen([sys.executable, "manage.py", "model"], cwd=ROOT)
    try:
        with patch.object(nearest_vectors, "PATIENCE", LONG):
            _wait(process)
        if not patiently:
            _wait_until_idle(process.pid)
        patience = LONG if patiently else nearest_vectors.PATIENCE
        with patch.object(nearest_vectors, "PATIENCE", patience):
            yield True
    finally:
        process.terminate()
        process.wait()


def _embed(kind: str) -> None:
    from tqdm import tqdm

    from threads.actions.vectors import make_current
    from threads.management.model.filling import AT_ONCE, Filler
    from threads.management.model.minilm import MiniLM
    from threads.management.model.process import own_model
    from threads.models import SearchEntry

    filler = Filler(MiniLM(), own_model())
    ids = list(SearchEntry.objects.filter(kind=kind).values_list("subject_id", flat=True))
    for start in tqdm(range(0, len(ids), AT_ONCE), disable=None):
        filler.make(kind, ids[start : start + AT_ONCE])
    make_current(model=filler.model)


def vary_vectors(draw: random.Random, most: int) -> None:
    """Vectors of all threads, as if made: those of `most` of them, each moved a little. Making all takes an hour."""
    import numpy as np

    from threads.actions.passages import passages_of
    from threads.actions.vectors import make_current
    from threads.management.model.minilm import MOST_OF_A_THING, MiniLM
    from threads.management.model.process import own_model
    from threads.models import Thread, Vector, VectorWork
    from threads.rules.passages import digest_of

    ids, model, reads = list(Thread.objects.values_list("pk", flat=True)), own_model(), MiniLM()
    noise = np.random.default_rng(draw.randrange(2**32))
    some = passages_of("thread", draw.sample(ids, most)).values()
    real = [reads.vector(texts[0], MOST_OF_A_THING) for texts in some]
    for start in range(0, len(ids), _AT_ONCE):
        rows = []
        for pk, texts in passages_of("thread", ids[start : start + _AT_ONCE]).items():
            for part, text in enumerate(texts):
                moved = draw.choice(real) + _MOVED * noise.standard_normal(len(real[0]))
                data = (moved / np.linalg.norm(moved)).astype("<f2").tobytes()
                about = {"subject_id": pk, "part": part, "digest": digest_of(text), "at": timezone.now()}
                rows.append(Vector(model=model, kind="thread", data=data, **about))
        Vector.objects.bulk_create(rows)
    VectorWork.objects.all().delete()
    make_current(model=model)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    from threads.queries.nearest_vectors import Question, _failures

    while process.poll() is None:
        _failures.update({"in a row": 0, "until": 0.0})
        with Question("a text", {"thread": 1}) as question:
            if question.nearest() is not None:
                return
        time.sleep(0.1)
    raise RuntimeError("the process of the model ended")


def _wait_until_idle(process: int) -> None:
    """When it starts it goes through everything once; people mostly ask one that has done so."""
    before = seconds_of(process)
    for _time in range(300):
        time.sleep(2)
        now = seconds_of(process)
        if now - before < 0.1:
            return
        before = now
    raise RuntimeError("the process of the model does not come to rest")
