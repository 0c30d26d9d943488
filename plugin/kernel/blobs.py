"""Files by the SHA-256 of their content. The blob is written before the row that names it."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _

_DIGEST = re.compile(r"[0-9a-f]{64}")


class FolderBlobs:
    """Blobs in a folder of this machine, two levels deep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Store bytes durably and return their digest; the same bytes are stored once."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes; raise NotFound when there are none of that digest."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound("blob_missing", _("This file is no longer kept here.")) from None

    def delete(self, digest: str) -> None:
        """Remove the bytes; nothing happens when they are gone already."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("a digest is 64 hexadecimal digits")
        return self._folder / digest[:2] / digest[2:4] / digest
