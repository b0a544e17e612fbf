"""Django's `migrate`, around which the triggers that raise marks are taken down and put up."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from community.actions.marks import put_up, take_down


class Command(migrate.Command):
    """Migrates; afterwards all marks are raised that have to be, whatever the migrations did to their tables."""

    def handle(self, *args: Any, **options: Any) -> None:
        """What Django does; with `--plan` and `--check` nothing else."""
        if options.get("plan") or options.get("check_unapplied"):
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        executor = MigrationExecutor(connection)
        if options.get("app_label") or executor.migration_plan(executor.loader.graph.leaf_nodes()):
            take_down(connection)
        try:
            super().handle(*args, **options)
        finally:
            put_up(connection)
