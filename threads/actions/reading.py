"""Remembering how far members have read. No events and no locks: nobody else waits for it."""

from django.db import connection

from community.errors import NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from community.rules.statements import execute
from threads.models import ReadPosition, Thread
from threads.policies.threads import may_see

# Only forward, also from two tabs at once, and never beyond what there is. What happened after a post stands below it,
# so whoever has not read the next post has not seen that either.
_SEEN = """
    INSERT INTO threads_readposition (member_id, thread_id, number, entry, record_version, at)
    SELECT %s, thread.id, CASE WHEN thread.last_number < %s THEN thread.last_number ELSE %s END,
           coalesce((
               SELECT max(entry.id) FROM threads_timelineentry AS entry
               WHERE entry.thread_id = thread.id AND (entry.after_number < %s OR thread.last_number <= %s)
           ), 0),
           coalesce((SELECT record.version FROM threads_workingrecord AS record WHERE record.thread_id = thread.id), 0),
           %s
    FROM threads_thread AS thread WHERE thread.id = %s
    ON CONFLICT (member_id, thread_id) DO UPDATE
    SET number = CASE WHEN excluded.number > threads_readposition.number
                      THEN excluded.number ELSE threads_readposition.number END,
        entry = CASE WHEN excluded.entry > threads_readposition.entry
                     THEN excluded.entry ELSE threads_readposition.entry END,
        record_version = CASE WHEN excluded.record_version > threads_readposition.record_version
                              THEN excluded.record_version ELSE threads_readposition.record_version END,
        at = excluded.at
"""


@action
def mark_seen(*, by: Member, thread: Thread, number: int) -> None:
    """Say that one has read a thread up to the post with this number. It never goes back, nor beyond the last post.

    Raises NotThere for whom the thread is not there.
    """
    if not may_see(by, thread):
        raise NotThere("no_thread")
    number = max(0, min(number, thread.last_number))
    at = ReadPosition._meta.get_field("at").get_db_prep_save(clock.now(), connection)
    execute(_SEEN, [by.pk, *[number] * 4, at, thread.pk])
