"""The threads room's place in Django."""

from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    """Registers the room."""

    name = "threads"
