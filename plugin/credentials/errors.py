"""What can go wrong when a credential is composed, signed or read.

These are raised by the pure modules, which know neither pages nor the database; the services turn
them into the kernel's domain errors where a person is waiting for an answer.
"""


class CredentialError(ValueError):
    """Base of everything that makes a document unfit to be signed or trusted."""


class UndefinedTerm(CredentialError):
    """A member that no context defines: it would be dropped from the signature silently."""


class UnsafeText(CredentialError):
    """A character on whose canonical form implementations disagree."""


class ProofInvalid(CredentialError):
    """The document and its proof do not belong together; the message says which check failed."""


class KeyMalformed(CredentialError):
    """Bytes or text that are no Ed25519 Multikey."""
