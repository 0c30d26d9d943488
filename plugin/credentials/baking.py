"""Credentials inside pictures: baked PNG and SVG, and reading them back (Open Badges 3.0 §5.3).

A PNG carries one iTXt chunk with the keyword `openbadgecredential`, an SVG one element
`openbadges:credential`; the text is the JSON of the credential or its compact JWS. JSON goes in as
ASCII, because some wallets read the bytes as Latin-1. Reading is for files of strangers: sizes are
limited, XML that declares entities is refused, and no outside reference is followed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from plugin.credentials.errors import CredentialError

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
LARGEST_TEXT = 256 * 1024
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 4096


class NoCredential(CredentialError):
    """The picture is well formed and carries nothing, or cannot be read; the message says which."""


def bake_png(image: bytes, text: str) -> bytes:
    """The PNG with the credential in it, in place of one that it may have carried before."""
    data = KEYWORD + b"\0\0\0\0\0" + text.encode("ascii")
    chunk = _chunk(b"iTXt", data)
    parts = [_SIGNATURE]
    for kind, content in _chunks(image):
        if kind == b"iTXt" and content.split(b"\0", 1)[0] == KEYWORD:
            continue
        parts.append(_chunk(kind, content))
        if kind == b"IHDR":
            parts.append(chunk)
    return b"".join(parts)


def unbake_png(image: bytes) -> str:
    """The text that a baked PNG carries. Raises NoCredential; two of them are refused, because
    readers would choose differently."""
    found = [
        content
        for kind, content in _chunks(image)
        if kind == b"iTXt" and content.split(b"\0", 1)[0] == KEYWORD
    ]
    if len(found) != 1:
        raise NoCredential("the picture carries no credential" if not found else "it carries two")
    return _itxt(found[0])


def bake_svg(image: str, text: str) -> str:
    """The SVG with the credential as its first child. `image` is one of ours: an <svg> element
    without an XML declaration before it."""
    head, rest = image.split(">", 1)
    if not head.startswith("<svg "):
        raise CredentialError("not an SVG picture of ours")
    if text.startswith("{"):
        inner = text.replace("]]>", "]]\\u003e")
        element = f"<openbadges:credential><![CDATA[{inner}]]></openbadges:credential>"
    else:
        element = f"<openbadges:credential verify={quoteattr(text)}/>"
    return f'{head} xmlns:openbadges="{NAMESPACE}">{element}{rest}'


def unbake_svg(image: bytes) -> str:
    """The text that a baked SVG carries. Raises NoCredential."""
    reader = _SvgReader()
    reader.read(image)
    if len(reader.found) != 1:
        raise NoCredential(
            "the picture carries no credential" if not reader.found else "it carries two"
        )
    return reader.found[0].strip()


class _SvgReader:
    """Walks an SVG without building it. Entities of its own are refused, an outside document type
    is not fetched."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._inside = 0
        self._depth = 0
        self._text: list[str] = []

    def read(self, image: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        try:
            parser.Parse(image, True)
        except expat.ExpatError as problem:
            raise NoCredential("the picture is no well-formed SVG") from problem

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, internal: bool
    ) -> None:
        if internal:
            raise NoCredential("an SVG that declares entities is not read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > 200:
            raise NoCredential("the picture is nested too deeply")
        if name == f"{NAMESPACE} credential" and not self._inside:
            self._inside = self._depth
            self._text = [attributes["verify"]] if "verify" in attributes else []

    def _end(self, _name: str) -> None:
        if self._depth == self._inside:
            self.found.append("".join(self._text))
            self._inside = 0
        self._depth -= 1

    def _data(self, text: str) -> None:
        if self._inside:
            self._text.append(text)


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk, up to IEND. What stands after it is not looked at, so a
    picture that is another file too (a ZIP, a script) is read as a picture only."""
    if not image.startswith(_SIGNATURE):
        raise NoCredential("this is no PNG picture")
    at = len(_SIGNATURE)
    for _number in range(_MOST_CHUNKS):
        header = image[at : at + 8]
        if len(header) < 8:
            raise NoCredential("the picture is cut off")
        length, kind = struct.unpack(">I4s", header)
        content = image[at + 8 : at + 8 + length]
        check = image[at + 8 + length : at + 12 + length]
        if len(content) < length or len(check) < 4:
            raise NoCredential("the picture is cut off")
        if struct.unpack(">I", check)[0] != zlib.crc32(kind + content):
            raise NoCredential("the picture is damaged")
        yield kind, content
        if kind == b"IEND":
            return
        at += 12 + length
    raise NoCredential("the picture has too many parts")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I4s", len(content), kind)
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def _itxt(content: bytes) -> str:
    """Keyword, 0, packed or not, method, language, 0, translated keyword, 0, text."""
    rest = content[len(KEYWORD) + 1 :]
    if len(rest) < 2:
        raise NoCredential("the picture is damaged")
    compressed, body = rest[0], rest[2:]
    _language, _separator, body = body.partition(b"\0")
    _translated, _separator, body = body.partition(b"\0")
    if compressed:
        unpacker = zlib.decompressobj()
        try:
            body = unpacker.decompress(body, LARGEST_TEXT + 1)
        except zlib.error as problem:
            raise NoCredential("the picture is damaged") from problem
    if len(body) > LARGEST_TEXT:
        raise NoCredential("the credential in the picture is too large")
    try:
        return body.decode("utf-8").strip()
    except UnicodeDecodeError as problem:
        raise NoCredential("the credential in the picture is no text") from problem
