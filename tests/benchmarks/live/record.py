"""Records: one that many write at once, many that are open, and one that has been written for long."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence

import pycrdt

from tests.benchmarks.live.broadcast import warm
from tests.benchmarks.live.editors import FIELD, Editor, Keystrokes, typing
from tests.benchmarks.live.figures import Figure, at_most, none_of, percentile, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.site import Site
from tests.benchmarks.live.usage import seconds_by_part, shares, usage_of

MOST_MILLISECONDS = 150
SETTLING_SECONDS = 6.0
FORGETTING_SECONDS = 65.0  # a record is kept in memory for a minute after the last has left
TEXT = "The queue of the relay grows while nothing leaves it, though the log says nothing of it. " * 45
EDITS = 500
ARRIVING_AT_ONCE = 25
LONG_EDITS, UNCUT = 100_000, 2_499  # as many of them as can be waiting to become a version
LONG = """
from community.models import Member
from tests.benchmarks.live.long_records import edits_of, update_of
from threads.models import RecordState, RecordUpdate, WorkingRecord
from threads.rules.document import Document

author, cut = Member.objects.order_by("pk").first(), {edits} - {uncut}
for thread, typed in {threads}:
    edits = edits_of({edits}, typed=typed)
    state = Document.loaded(None, [update_of(edits[:cut], 0)]).state
    updates = [update_of([edit], number) for number, edit in enumerate(edits[cut:], start=cut)]
    texts = Document.loaded(state, updates).texts
    RecordState.objects.create(record_id=thread, seq=cut, state=state)
    RecordUpdate.objects.bulk_create(
        RecordUpdate(record_id=thread, seq=cut + number, author=author, update=update)
        for number, update in enumerate(updates, start=1)
    )
    WorkingRecord.objects.filter(pk=thread).update(version={edits}, **texts)
    print(len(state))
"""


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """Many write in one record: from a keystroke to its arrival at each of the others; losses; whether all agree."""
    row = f"record, {options.editors} editors on {len(site.web)}"
    warm(site)
    thread, _seq = site.open_thread("Written together")
    yield from asyncio.run(_write_together(site, options, thread, row))


async def _write_together(site: Site, options: Options, thread: int, row: str) -> list[Figure]:
    keystrokes, dice = Keystrokes(), random.Random(4)
    editors = [await Editor.sit(site.address, thread, token, keystrokes) for token in site.tokens[: options.editors]]
    before, began = seconds_by_part(site.web), time.monotonic()
    made = sum(
        await asyncio.gather(
            *(typing(editor, options.keystrokes, options.seconds, random.Random(dice.random())) for editor in editors)
        )
    )
    seconds, after = time.monotonic() - began, seconds_by_part(site.web)
    for editor in editors:
        await editor.settle()
    for editor in editors:
        await editor.synchronize()
    texts = {str(editor.replica.fields[FIELD]) for editor in editors}
    with site.caller() as caller:
        kept = caller.get(f"/api/v1/threads/{thread}").json()["record"][FIELD]
    arrived, closed = keystrokes.arrived, sum(editor.closed for editor in editors)
    for editor in editors:
        await editor.leave()
    return [
        Figure(row, "keystrokes", f"{made:,}, {made / seconds:.0f} a second"),
        Figure(row, "to the others, p50 / p99", shown(arrived)),
        at_most(row, "to the others, p95", percentile(arrived, 95) / 1e6, MOST_MILLISECONDS, "ms"),
        Figure(row, "stored and acknowledged, p50 / p99", shown(keystrokes.stored)),
        none_of(row, "not arrived", made * (len(editors) - 1) - len(arrived)),
        none_of(row, "texts that differ, the database's included", len(texts | {kept}) - 1),
        none_of(row, "connections lost", closed),
        Figure(row, "characters in the end", f"{len(kept):,}"),
        Figure(row, "processor", shares(before, after, seconds)),
    ]


def measure_open(site: Site, options: Options) -> Iterator[Figure]:
    """Many records open in one process, one seat each: memory over idle, and after all have left."""
    row = f"records, {options.records} open on {len(site.web)}"
    warm(site)
    threads = site.threads(options.records)
    idle = usage_of(site.web).proportional
    yield from asyncio.run(_open_many(site, threads, row, idle))


async def _open_many(site: Site, threads: Sequence[int], row: str, idle: int) -> list[Figure]:
    updates, began = _scattered(), time.monotonic()
    editors: list[Editor] = []
    for start in range(0, len(threads), ARRIVING_AT_ONCE):
        some = range(start, min(start + ARRIVING_AT_ONCE, len(threads)))
        sitting = (Editor.sit(site.address, threads[number], site.tokens[number % len(site.tokens)]) for number in some)
        arrived = await asyncio.gather(*sitting)
        editors += arrived
        for editor in arrived:
            for update in updates:
                await editor.send(update)
        for editor in arrived:
            await editor.settle()
    seconds = time.monotonic() - began
    await asyncio.sleep(SETTLING_SECONDS)
    opened = usage_of(site.web).proportional
    before, at = seconds_by_part(site.web), time.monotonic()
    await asyncio.sleep(SETTLING_SECONDS)
    quiet = shares(before, seconds_by_part(site.web), time.monotonic() - at)
    closed = sum(editor.closed for editor in editors)
    for editor in editors:
        await editor.leave()
    await asyncio.sleep(FORGETTING_SECONDS)
    left = usage_of(site.web).proportional
    return [
        Figure(row, "characters and edits of each", f"{len(TEXT) + EDITS:,}, {EDITS}"),
        Figure(row, "written and stored", f"in {seconds:.0f} s"),
        Figure(row, "memory over idle, socket included", f"{(opened - idle) / 1024:.0f} MB"),
        Figure(row, "of each", f"{(opened - idle) / len(threads):.0f} KB"),
        Figure(row, "memory over idle a minute after all left", f"{(left - idle) / 1024:.0f} MB"),
        Figure(row, "processor while nothing happens", quiet),
        none_of(row, "connections lost", closed),
    ]


def _scattered() -> list[bytes]:
    """A text, and single characters put in all over it, in ten updates."""
    doc, dice = pycrdt.Doc[pycrdt.Text](), random.Random(5)
    text = doc.get(FIELD, type=pycrdt.Text)
    text += TEXT
    updates, vector = [doc.get_update()], doc.get_state()
    for number in range(EDITS):
        text.insert(dice.randrange(len(text)), "x")
        if number % (EDITS // 10) == EDITS // 10 - 1:
            updates.append(doc.get_update(vector))
            vector = doc.get_state()
    return updates


def measure_long(site: Site, options: Options) -> Iterator[Figure]:
    """Records of very many edits, opened for the first time: from connecting until all is there."""
    row = f"open, {LONG_EDITS:,} edits on {len(site.web)}"
    warm(site)
    threads = [site.open_thread(f"Written for long {number}")[0] for number in range(6)]
    kinds = [(thread, number % 2 == 0) for number, thread in enumerate(threads)]
    script = LONG.format(threads=kinds, edits=LONG_EDITS, uncut=UNCUT)
    sizes = site.live.manage("shell", "--verbosity=0", "-c", script).strip().splitlines()[-len(kinds) :]
    for typed, name in ((True, "typed"), (False, "every edit at a random place")):
        took = [asyncio.run(_open_one(site, thread)) for thread, kind in kinds if kind == typed]
        size = max(int(size) for size, (_thread, kind) in zip(sizes, kinds, strict=True) if kind == typed)
        yield Figure(row, f"{name}: kept", f"{size / 1000:,.0f} KB and {UNCUT} updates")
        yield at_most(row, f"{name}: opened cold, the slowest of three", max(took), 1, "s")


async def _open_one(site: Site, thread: int) -> float:
    began = time.monotonic()
    editor = await Editor.sit(site.address, thread, site.tokens[0])
    seconds = time.monotonic() - began
    length = sum(map(len, editor.replica.texts.values()))
    await editor.leave()
    if length != LONG_EDITS:
        raise RuntimeError(f"{length} of {LONG_EDITS} characters came")
    return seconds
