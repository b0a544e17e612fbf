"""The community room's place in Django."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Has the events counted that are appended."""

    name = "community"

    def ready(self) -> None:
        """Registers the counter."""
        from community.events.log import on_append
        from community.metrics.instruments import APPENDED

        on_append(APPENDED.inc)
