"""Reading `/metrics` as Prometheus does."""

import http.client
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

from tests.live import LiveSite
from tests.services.processes import PATIENCE_SECONDS


def ask(site: LiveSite, path: str, **headers: str) -> tuple[int, str]:
    """Status and text of a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def scrape(site: LiveSite) -> Counter[str]:
    """All values, summed over their labels."""
    status, text = ask(site, "/metrics")
    assert status == http.client.OK, text
    values: Counter[str] = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            values[sample.name] += sample.value  # type: ignore[assignment]
    return values
