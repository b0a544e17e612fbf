"""The reputation room's place in Django."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Registers the room."""

    name = "reputation"
