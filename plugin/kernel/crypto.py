"""Encryption at rest for keys and tokens: Fernet (AES-128-CBC with HMAC-SHA256), several keys.

The newest key encrypts, every key decrypts, so keys can be rotated without losing anything.
"""

import os

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from plugin.kernel.config import Config


class VaultLocked(RuntimeError):
    """A stored secret cannot be opened with the present keys; the message says how to mend it."""


class Vault:
    """Seals and opens small secrets."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise VaultLocked(
                "LANTERN_SECRET_KEYS holds something that is no key: make one with "
                "'lantern config new-key'"
            ) from error

    @classmethod
    def open_for(cls, settings: Config) -> "Vault":
        """Use the configured keys, else the key file of the data folder (made at first start)."""
        if settings.secret_keys:
            return cls(settings.secret_keys)
        path = settings.data_folder / "secret.key"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls((path.read_text().strip(),))
        with os.fdopen(handle, "w") as file:
            file.write(new_key())
            file.flush()
            os.fsync(file.fileno())
        return cls((path.read_text().strip(),))

    def seal(self, secret: bytes) -> str:
        """Return the secret encrypted, as ASCII text for a column."""
        return self._fernet.encrypt(secret).decode()

    def open(self, sealed: str) -> bytes:
        """Return the secret; raise :class:`VaultLocked` when no present key fits."""
        try:
            return self._fernet.decrypt(sealed.encode())
        except InvalidToken:
            raise VaultLocked(
                "a stored secret was sealed with a key that is not in LANTERN_SECRET_KEYS"
            ) from None


def new_key() -> str:
    """Return a fresh key for LANTERN_SECRET_KEYS."""
    return Fernet.generate_key().decode()
