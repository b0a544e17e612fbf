"""What kinds of files can be attached, judged by their content."""

import re
import unicodedata

_STARTS = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"\x1f\x8b": "application/gzip",
    b"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed",
    b"\xd4\xc3\xb2\xa1": "application/vnd.tcpdump.pcap",
    b"\x0a\x0d\x0d\x0a": "application/vnd.tcpdump.pcap",
}


def document_type(content: bytes) -> str | None:
    """The media type of a document; text is told by decoding.

    None for what is not accepted (programs, unknown binaries).
    """
    for start, media_type in _STARTS.items():
        if content.startswith(start):
            return media_type
    return "text/plain" if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
        if re.search(r"[\x80-\x9f]", text):
            return False
    return not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)


def safe_name(name: str) -> str:
    """A file name without folders, control or direction characters, short enough; "file" when nothing is left."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[:150]}{dot}{suffix[:20]}" if stem else (kept[:170] or "file")
