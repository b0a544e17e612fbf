"""The process tree of a live site, seen from outside."""

from pathlib import Path

from tests.live import LiveSite
from tests.processes import descendants


def tree(site: LiveSite) -> set[int]:
    """The supervisor's process id and those of all its descendants."""
    assert site.server
    return {site.server.pid} | descendants(site.server.pid)


def web_processes(site: LiveSite) -> set[int]:
    """The process ids of those that answer requests."""
    return {pid for pid in tree(site) if "realtime.server" in _command(pid)}


def children(site: LiveSite) -> set[int]:
    """The process ids of web processes and workers."""
    assert site.server
    return tree(site) - {site.server.pid}


def server_of(site: LiveSite, client_port: int) -> int:
    """Which process has the other end of a client's connection."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    ends = (f":{site.port:04X}", f":{client_port:04X}")
    inode = next(row[9] for row in rows if row[1].endswith(ends[0]) and row[2].endswith(ends[1]))
    return next(pid for pid in web_processes(site) if f"socket:[{inode}]" in _open_files(pid))


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _open_files(pid: int) -> set[str]:
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(entry.readlink()))
        except FileNotFoundError:
            continue
    return found
