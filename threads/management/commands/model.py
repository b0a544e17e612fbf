"""`manage.py model`: the process of the sentence model."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.management.readiness import tell_ready
from threads.management.model_refusals import refuse_without_model


class Command(BaseCommand):
    """Answers what texts are like, and keeps the vectors, until SIGTERM or Ctrl-C. One a machine; `serve` runs it."""

    requires_system_checks = ()
    help = "Answer what things are like a text, by the sentence model, and keep their vectors."

    def handle(self, **options: Any) -> None:
        """Refuses with one line where the model is not installed or cannot be asked."""
        refuse_without_model()
        from threads.management.model.minilm import WrongWeightsError
        from threads.management.model.process import Process

        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            process = Process()
        except (OSError, WrongWeightsError) as error:
            raise CommandError(f"The model cannot be asked: {error}") from error
        tell_ready()
        process.run(stop)
