"""The community room's place in Django."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Registers the room."""

    name = "community"
