"""Pages of the demo that say that a text tells of somebody: where it is recorded, brought back, merged and masked."""

from community.models import Member, Space
from threads.models import Practice, PracticeVersion, Thread

_TOLD = "Write to birgit.halvorsen@fjellbro-klinikk.no, then on 10.14.3.77:\n\n    password: Vinter2024!kald"


def pages_that_tell() -> dict[str, str]:
    """A path for each of them, for Nia: it is there at once, or what is sent from there is answered by it."""
    kept, told = _recorded("Badge readers beep twice"), _recorded("Badge readers beep and stay shut")
    PracticeVersion.objects.filter(practice=kept, number=1).update(fields=kept.fields | {"resolution": _TOLD})
    Practice.objects.filter(pk=told.pk).update(resolution=_TOLD)
    asking = _resolved("The badge printer asks to sign in", _TOLD)
    return {
        "thread-practice, details": f"{asking.get_absolute_url()}practice/",
        "practice-restoration, details": f"/practices/{kept.pk}/history/?version=1",
        "practice-merge, details": f"/practices/{told.pk}/merge/?with={kept.pk}",
        "practice, masked": _in_progress().get_absolute_url(),
    }


def _asked(title: str) -> Thread:
    from threads.actions.threads import open_thread

    space = Space.objects.get(slug="endpoints-and-access")
    return open_thread(by=Member.objects.get(handle="ada"), space=space, title=title, body="Each morning.")


def _resolved(title: str, resolution: str) -> Thread:
    from threads.actions.resolution import resolve

    thread = _asked(title)
    return resolve(by=thread.author, thread=thread, summary="It had to.", record={"resolution": resolution}).thread


def _recorded(title: str) -> Practice:
    """In the archive, in its second version."""
    from threads.actions.practices import edit_practice, record_practice

    nia = Member.objects.get(handle="nia")
    practice = record_practice(by=nia, thread=_resolved(title, "Pair them anew."), fields={"problem": "They beep."})
    return edit_practice(by=nia, practice=practice, fields={"cause": "The clock."}, version=practice.version)


def _in_progress() -> Practice:
    """Still being written in its thread, with masks for what the record tells."""
    from threads.actions.records import save_record
    from threads.actions.wip import start_practice

    thread = _asked("Badge gates answer slowly")
    save_record(by=thread.author, thread=thread, fields={"problem": _TOLD})
    return start_practice(by=thread.author, thread=thread)
