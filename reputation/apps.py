"""The reputation room's place in Django."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Registers the room."""

    name = "reputation"

    def ready(self) -> None:
        """Say who knows the thanks that an inbox names."""
        from community.events.reactors import describe_with
        from reputation.queries import kudos

        describe_with("thanks", kudos.describe_thanks, kudos.seen_thanks)
        describe_with("kudos", kudos.describe_kudos, kudos.seen_kudos)
