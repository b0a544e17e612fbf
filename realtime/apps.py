"""The realtime room's place in Django."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Has the hub told of every commit, and the doors asked again whenever who may see what changes."""

    name = "realtime"

    def ready(self) -> None:
        """Registers these, and who tells who is here. Commands and workers have no hub: the serving processes find
        their writes by the sweep, and for them nobody is known to be here.
        """
        from community.events.log import on_commit
        from community.events.reactors import (
            DOORS_CHANGED,
            MEMBER_CHANGED,
            count_crowds_with,
            find_people_here_with,
            react_with,
        )
        from realtime import hub
        from realtime.doorbell import doors_changed

        on_commit(hub.told)
        count_crowds_with(hub.people_in_threads)
        find_people_here_with(hub.people_here)
        react_with(DOORS_CHANGED, doors_changed)
        react_with(MEMBER_CHANGED, doors_changed)
