"""What may be handed in: text, a link or one file, within limits stated on the form (pure).

A file is judged by its ending *and* by how its content begins, so that a renamed program is not
taken for a picture. Files are only ever sent back as downloads.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

TEXT_LIMIT = 50_000
LINK_LIMIT = 2_000
FILE_LIMIT = 10 * 1024 * 1024
_ZIP = (b"PK\x03\x04",)
_TEXT = (b"",)
FILE_TYPES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "odt": _ZIP,
    "odp": _ZIP,
    "ods": _ZIP,
    "docx": _ZIP,
    "pptx": _ZIP,
    "xlsx": _ZIP,
    "txt": _TEXT,
    "md": _TEXT,
    "csv": _TEXT,
    "py": _TEXT,
    "ipynb": _TEXT,
}


@dataclass(frozen=True)
class Work:
    """Checked work, ready to be stored. A file's bytes are in the blob store under ``sha256``."""

    kind: str
    sha256: str
    size: int
    text: str = ""
    link: str = ""
    file_name: str = ""


class Unusable(ValueError):
    """Work that cannot be taken; ``code`` says why: empty, too_long, not_a_link, too_big, type."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_work(text: str) -> Work:
    """Check a text; raises :class:`Unusable`."""
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise Unusable("empty")
    if len(kept) > TEXT_LIMIT:
        raise Unusable("too_long")
    data = kept.encode()
    return Work("text", hashlib.sha256(data).hexdigest(), len(data), text=kept)


def link_work(link: str) -> Work:
    """Check an address; only https and http with a host; raises :class:`Unusable`."""
    kept = link.strip()
    if not kept:
        raise Unusable("empty")
    if len(kept) > LINK_LIMIT:
        raise Unusable("too_long")
    try:
        parts = urlsplit(kept)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and kept.isprintable()
    except ValueError:
        usable = False
    # A name and password before the host would show who the author is, or mislead the reviewer.
    if not usable or parts.username is not None:
        raise Unusable("not_a_link")
    return Work("link", hashlib.sha256(kept.encode()).hexdigest(), len(kept), link=kept)


def file_work(name: str, data: bytes) -> Work:
    """Check a file; raises :class:`Unusable`."""
    kept = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    kept = "".join(letter for letter in kept if letter.isprintable())
    if not data:
        raise Unusable("empty")
    if len(data) > FILE_LIMIT:
        raise Unusable("too_big")
    starts = FILE_TYPES.get(ending(kept))
    if starts is None or not data.startswith(starts) or (starts == _TEXT and not _is_text(data)):
        raise Unusable("type")
    return Work("file", hashlib.sha256(data).hexdigest(), len(data), file_name=kept[-200:])


def ending(name: str) -> str:
    """Return the ending of a file name, in lower case, without the dot."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def neutral_name(name: str, mark: str) -> str:
    """Return the name under which an anonymous reader downloads the file."""
    return f"work-{mark}.{ending(name)}"


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data
