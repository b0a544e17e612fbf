"""Where imported things come from; the licences of such content require that it is kept and shown."""

from django.db import models


class Sourced(models.Model):
    """Adds the origin of an imported row: `source_id` is the id it had at `source_site`."""

    source_site = models.CharField(max_length=100, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    source_url = models.URLField(max_length=500, blank=True, default="")
    source_license = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def source(self) -> dict[str, str] | None:
        """The origin as the API and pages give it, None for what was written here."""
        if not self.source_site:
            return None
        return {
            "site": self.source_site,
            "id": self.source_id,
            "url": self.source_url,
            "license": self.source_license,
        }


def unique_source(name: str, *, among: models.Q | None = None) -> models.UniqueConstraint:
    """The constraint that refuses to import a row twice; `among` are the rows whose ids are one series there."""
    imported = ~models.Q(source_site="")
    condition = imported & among if among is not None else imported
    return models.UniqueConstraint(fields=["source_site", "source_id"], condition=condition, name=name)
