"""Makes the vectors of things: of those that were written first, then of everything there is, the newest first."""

from collections.abc import Callable, Collection, Iterator

from threads.actions.passages import passages_of
from threads.actions.vectors import Part, digests_of, keep_vectors, make_current
from threads.management.model.minilm import MOST_OF_A_THING, MiniLM
from threads.models import SHELF_OF, EmbeddingModel, SearchEntry, Vector, VectorWork
from threads.rules.passages import digest_of

AT_ONCE = 32
_WORK_AT_ONCE = 8


class Filler:
    """Makes vectors for one model. `between` is called many times while it is at it, so that others need not wait."""

    def __init__(self, reads: MiniLM, model: EmbeddingModel, between: Callable[[], object] = lambda: None) -> None:
        self.model = model
        self._reads, self._between = reads, between

    def everything(self, at_once: int = AT_ONCE) -> Iterator[tuple[int, int]]:
        """All that can be found and whose vectors are not those of what it says, the newest first.

        Yields of how many things it knows that they are done, and how many vectors were made for them. May be
        interrupted and repeated at any time.
        """
        entries = SearchEntry.objects.filter(kind__in=SHELF_OF).order_by("-pk")
        rows = list(entries.values_list("pk", "kind", "subject_id")[:at_once])
        while rows:
            made = 0
            for kind in SHELF_OF:
                made += self._bring_up(kind, [subject for _pk, name, subject in rows if name == kind])
            yield len(rows), made
            earlier = entries.filter(pk__lt=rows[-1][0])
            rows = list(earlier.values_list("pk", "kind", "subject_id")[:at_once])

    def work(self) -> int:
        """The next of what was written; says of how many things that is done."""
        rows = list(VectorWork.objects.order_by("pk").values_list("pk", "kind", "subject_id")[:_WORK_AT_ONCE])
        for kind in SHELF_OF:
            self.make(kind, [subject for _pk, name, subject in rows if name == kind])
        left = VectorWork.objects.filter(pk__in=[row[0] for row in rows]).count() if rows else 0
        return len(rows) - left

    def finish(self) -> bool:
        """Have the model answer from now on, if it was filling and nothing is lacking."""
        return not VectorWork.objects.exists() and make_current(model=self.model)

    def _bring_up(self, kind: str, ids: Collection[int]) -> int:
        said = passages_of(kind, ids)
        held = digests_of(self.model, kind, ids)
        stale = [pk for pk, texts in said.items() if [digest_of(text) for text in texts] != held.get(pk, [])]
        return self.make(kind, stale)

    def make(self, kind: str, ids: Collection[int]) -> int:
        """The vectors of these things, as far as they lack them; says how many were new."""
        if not ids:
            return 0
        held = self._held(kind, ids)
        made = {pk: list[Part]() for pk in ids} | {
            pk: [self._part(text, held) for text in texts] for pk, texts in passages_of(kind, ids).items()
        }
        return keep_vectors(model=self.model, kind=kind, made=made)

    def _held(self, kind: str, ids: Collection[int]) -> dict[str, bytes]:
        rows = Vector.objects.filter(model=self.model, kind=kind, subject_id__in=ids)
        return {digest: bytes(data) for digest, data in rows.values_list("digest", "data")}

    def _part(self, text: str, held: dict[str, bytes]) -> Part:
        digest = digest_of(text)
        if digest not in held:
            vector = self._reads.vector(text, MOST_OF_A_THING, between=self._between)
            held[digest] = vector.astype("<f2").tobytes()
        return Part(digest, held[digest])


def how_many() -> int:
    """How many things can be found."""
    return SearchEntry.objects.filter(kind__in=SHELF_OF).count()
