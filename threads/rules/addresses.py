"""Hosts and addresses of somebody's network in a text; not names of files and code, nor what is public or reserved."""

import ipaddress
import re
from collections.abc import Iterator

from threads.rules import public_names as known
from threads.rules.secrets import Span

_V4 = re.compile(r"(?<![\w.:-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\w)")
_V6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,8}(?![\w:])")
_VERSION = re.compile(
    r"(?i)(?:\b(?:versions?|ver|v|build|release|rev|revision|firmware|fw|driver|update|client|agent)\b[.:=]?"
    r"(?:\s{1,2}[\w(-]{1,20})?[\s\"'`(]{0,3}|[^\W\d_]{2,20}[/ ]v?)$"
)
_ADDRESS_WORD = re.compile(
    r"(?i)\b(?:ips?|ipv4|address|host|server|gateway|router|dns|ping|ssh|telnet|from|to|subnet|network|broker)\W{0,4}$"
)
_NAME = re.compile(r"(?:(?<=//)|(?<![\w@.%\\/$~*<-]))(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24}(?![\w(-]|::|\.\w)")
_SHARE = re.compile(r"(?<!\\)\\{2,4}([^\W_][\w.-]{1,62})\\{1,2}[\w$]")
_NETBIOS = re.compile(r"(?<![\w./\\-])[A-Z]{2,12}[A-Z0-9]{0,12}(?:-[A-Z0-9]{1,12}){1,4}(?![\w-])")
_BESIDE = re.compile(
    r"(?i)\b(?:server|host|hostname|node|machine|computer|vm|ssh|ping|rdp)\b(?:\s{1,2}(?:is|named|called))?[\s:=\"'`*]{1,4}$"
)
_SERVER_PART = re.compile(r"(?:SRV|SVR|DC|DB|SQL|APP|WEB|FS|EX|EXCH|ESX|HV|VM|WS|NB|LT|PRD|PROD|UAT)\d{1,4}$")
_CAMEL = re.compile(r"[a-z][A-Z]")
_STANDARDS = ("UTF-", "ISO-", "RFC-", "KB-", "CVE-", "AES-", "SHA-", "USB-", "IEEE-", "TLS-", "WPA-", "MS-")
_SMALL = 30  # numbers of versions
_LEAST_LABELS, _LEAST_GROUPS, _GROUPS = 3, 3, 8
_CONFIG_FILES = frozenset(
    {"rc", "jail", "settings", "config", "env", "fail2ban", "defaults", "hosts", "bashrc", "profile", "php", "web"}
)
_SHARES = frozenset({"localhost", "server", "servername", "your-server", "yourserver", "computername", "nas"})


def addresses_in(text: str) -> Iterator[tuple[Span, bool]]:
    """Where addresses stand, and whether each is of a private network, where it names a host."""
    for match in _V4.finditer(text):
        try:
            found = ipaddress.IPv4Address(match[0])
        except ValueError:
            continue
        if _is_somebodys(found) and not _is_version(text, match):
            yield match.span(), found.is_private
    for match in _V6.finditer(text):
        groups = [group for group in match[0].split(":") if group]
        whole = len(groups) == _GROUPS or ("::" in match[0] and len(groups) >= _LEAST_GROUPS)
        try:
            six = ipaddress.IPv6Address(match[0])
        except ValueError:
            continue
        if whole and not (six.is_link_local or six in _DOCUMENTATION_6):
            yield match.span(), six.is_private


_DOCUMENTATION_6 = ipaddress.IPv6Network("2001:db8::/32")
_NOBODYS = tuple(
    map(ipaddress.IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
)


def _is_somebodys(found: ipaddress.IPv4Address) -> bool:
    written = str(found)
    if written in known.RESOLVERS or written in known.DEFAULT_ADDRESSES:
        return False
    if found.is_multicast or found.is_reserved or written.startswith(("255.", "169.254.")):
        return False
    if written.endswith((".0", ".255")) and (found.is_private or written.endswith(".0.0")):
        return False
    return not any(found in network for network in _NOBODYS)


def _is_version(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 40) : match.start()]
    if _ADDRESS_WORD.search(before):
        return False
    return bool(_VERSION.search(before)) or all(int(part) < _SMALL for part in match[0].split("."))


def hosts_in(text: str) -> Iterator[Span]:
    """Where host names stand."""
    for match in _NAME.finditer(text):
        linked = text.startswith("//", match.start() - 2) if match.start() > 1 else False
        beside = _BESIDE.search(text, max(0, match.start() - 30), match.start())
        if _is_host(match[0], linked=linked, beside=beside is not None):
            yield match.span()
    for match in _SHARE.finditer(text):
        if match[1].lower() not in _SHARES and match[1].lower().split(".")[-1] not in known.RESERVED:
            yield match.span(1)
    for match in _NETBIOS.finditer(text):
        if _is_netbios(match[0], text[max(0, match.start() - 30) : match.start()]):
            yield match.span()


def _is_host(name: str, *, linked: bool, beside: bool) -> bool:
    labels = name.lower().split(".")
    if _is_reserved(labels) or _CAMEL.search(name):
        return False
    if any(name.lower().endswith(end) for end in known.INTERNAL):
        return len(labels) > 2 or linked or beside or _is_machine(labels)  # noqa: PLR2004  (a name and a suffix)
    if labels[-1] not in known.TOP_LEVEL or len(labels) < _LEAST_LABELS or _is_public(labels):
        return False
    if linked or beside or labels[0] in known.HOST_LABELS:
        return True
    doubtful = labels[-1] in known.DOUBTFUL or labels[-1] in known.EXTENSIONS or labels[0] in known.CODE_BEGINS
    return not doubtful and not name.rpartition(".")[2].istitle()


def _is_machine(labels: list[str]) -> bool:
    return labels[0] not in _CONFIG_FILES and not labels[0].isdigit() and labels[-1] != "ad"


def _is_reserved(labels: list[str]) -> bool:
    return labels[-1] in known.RESERVED or ".".join(labels[-2:]) in known.RESERVED_DOMAINS or "example" in labels


def _is_public(labels: list[str]) -> bool:
    if labels[-2] in known.SECOND_LEVEL and len(labels) == _LEAST_LABELS:
        return True
    ends = {".".join(labels[-2:]), ".".join(labels[-3:])}
    learned = labels[-1] in known.PUBLIC_ENDS or labels[-2] in ("ac", "edu", "gov")
    return bool(ends & known.PUBLIC) or learned or labels[0] in known.PUBLIC_LABELS


def _is_netbios(name: str, before: str) -> bool:
    if name.startswith(_STANDARDS) or not name[-1].isdigit():
        return False
    return bool(_BESIDE.search(before)) or bool(_SERVER_PART.search(name) and re.search(r"(?i)\bon\s$", before))
