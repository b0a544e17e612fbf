"""The realtime room's place in Django."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Registers the room."""

    name = "realtime"
