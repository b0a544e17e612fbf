"""Search finds what is being written in a record, before it is a version."""

from community.events import action
from threads.actions.indexing import index_problem
from threads.actions.locking import lock_thread
from threads.models import WorkingRecord


@action
def index_record(*, thread_id: int) -> None:
    """Have search find what a record says now. May be called at any time; whoever comes second does nothing.

    The thread is locked, as by whatever else is indexed of it: what is found is never older than what was found before.
    """
    thread = lock_thread(thread_id)
    record = WorkingRecord.objects.get(pk=thread_id)
    if record.indexed < record.version:
        index_problem(thread)
        WorkingRecord.objects.filter(pk=thread_id).update(indexed=record.version)
