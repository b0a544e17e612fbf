"""Telling members what their standing rose by, and what was taken back: each in one notice until it is read."""

from community.actions.inbox import notify, withdraw_notice
from community.facts.inbox import NoticeKind
from community.models import InboxItem
from community.rules.statements import rows_of
from reputation.facts.standing import STANDING_EARNED, STANDING_LOST
from reputation.models import Award, NewsLine

_UNREAD = """
    FROM community_inboxitem AS item
    WHERE item.member_id = %s AND item.subject = %s AND item.kind = %s AND item.read_at IS NULL
"""
_ADD = f"""
    INSERT INTO reputation_newsline AS held (item_id, rule, why, subject, points, awards)
    SELECT item.id, CAST(%s AS varchar(20)), CAST(%s AS varchar(20)), CAST(%s AS varchar(60)), CAST(%s AS integer), 1
    {_UNREAD} AND NOT EXISTS (
        SELECT 1 FROM community_inboxsetting AS setting
        WHERE setting.member_id = item.member_id AND setting.kind = item.kind AND NOT setting.wanted
    )
    ORDER BY item.id DESC LIMIT 1
    ON CONFLICT (item_id, rule, why, subject) DO UPDATE
    SET points = held.points + excluded.points, awards = held.awards + 1
    RETURNING item_id
"""  # noqa: S608  (our own words)
# Only in a notice that began with this award or one before it: its target names the first, as `award:<id>`.
_LOWER = f"""
    UPDATE reputation_newsline SET points = points + %s, awards = awards - 1
    WHERE rule = %s AND why = '' AND subject = %s AND awards > 0 AND item_id IN (
        SELECT item.id {_UNREAD} AND CAST(substr(item.target, 7) AS bigint) <= %s
    )
    RETURNING item_id
"""  # noqa: S608  (our own words)


def tell_earned(award: Award) -> None:
    """Say what somebody did that helped, and what it earned: in the notice that they have not read, else in a new one.

    For a transaction that has locked the member's standing, so that of two at once one begins it. Who is not here, or
    does not want to be told, has none. One statement while there is one.
    """
    _add(award, STANDING_EARNED, [award.rule, "", award.subject, award.points])


def tell_taken_back(reversal: Award) -> None:
    """Say that standing was taken back and why. Of a vote that its voter withdrew only that there is less to tell."""
    if reversal.why == Award.Why.UNVOTED:
        _lower(reversal)
    elif reversal.points:
        _add(reversal, STANDING_LOST, [reversal.rule, reversal.why, reversal.subject, reversal.points])


def _add(award: Award, kind: NoticeKind, line: list[str | int]) -> None:
    member, name = award.member_id, f"standing:{award.member_id}"
    values = [*line, member, name, kind.name]
    if not rows_of(_ADD, values):
        first, key = f"award:{award.pk}", f"standing:{award.pk}"
        if notify(recipients=[member], kind=kind, subject=name, target=first, actor=None, key=key):
            rows_of(_ADD, values)


def _lower(reversal: Award) -> None:
    member, name = reversal.member_id, f"standing:{reversal.member_id}"
    line = [reversal.points, reversal.rule, reversal.subject]
    values = [*line, member, name, STANDING_EARNED.name, reversal.reverses_id]
    for (item,) in rows_of(_LOWER, values):
        if not NewsLine.objects.filter(item=item, awards__gt=0).exists():
            key = InboxItem.objects.values_list("key", flat=True).get(pk=item)
            withdraw_notice(recipient=reversal.member, key=key)
