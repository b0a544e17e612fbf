"""Where the content of a dump is on the web, and under which licence."""

from datetime import UTC, datetime

_OWN_DOMAINS = {
    "stackoverflow": "com", "serverfault": "com", "superuser": "com", "askubuntu": "com", "stackapps": "com",
    "stackexchange": "com", "mathoverflow": "net",
}  # fmt: skip
_LICENSES = (
    (datetime(2011, 4, 8, tzinfo=UTC), "CC BY-SA 2.5"),
    (datetime(2018, 5, 2, tzinfo=UTC), "CC BY-SA 3.0"),
)


def site_address(site: str) -> str:
    """The address of the site of this name: `iot`, `conlang.meta`, `stackoverflow.com`, `es.stackoverflow`."""
    parts = site.split(".")
    if parts[-1] in {"com", "net", "org"} and len(parts) > 1:
        return f"https://{site}"
    if parts[-1] == "meta" and parts[0] in _OWN_DOMAINS:
        return f"https://meta.{parts[0]}.{_OWN_DOMAINS[parts[0]]}"
    if parts[-1] in _OWN_DOMAINS:
        return f"https://{site}.{_OWN_DOMAINS[parts[-1]]}"
    return f"https://{site}.stackexchange.com"


def license_of(given: str | None, at: datetime) -> str:
    """The licence a row names, or the one that held when it was written."""
    if given and given.strip():
        return given.strip()[:60]
    return next((name for until, name in _LICENSES if at < until), "CC BY-SA 4.0")
