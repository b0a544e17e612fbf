"""What an inbox names that is a member's own: it is named by their id."""

from community.models import Member


class _SeenOwn:
    """Whose own somebody sees in the inbox, which nothing that is stored decides."""

    by_marks = True

    def __call__(self, viewer: Member, ids: list[int]) -> set[int]:
        return {viewer.pk} & set(ids)


seen_own = _SeenOwn()
