"""What may be handed in, judged by ending, beginning and size."""

import hashlib

import pytest

from plugin.reviews.work import (
    FILE_LIMIT,
    LINK_LIMIT,
    TEXT_LIMIT,
    Unusable,
    file_work,
    link_work,
    neutral_name,
    text_work,
)


def test_a_text_is_kept_as_written_with_its_checksum() -> None:
    work = text_work("  One\r\ntwo\n")
    assert work.text == "One\ntwo"
    assert work.sha256 == hashlib.sha256(b"One\ntwo").hexdigest()


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n ", "empty"), ("x" * (TEXT_LIMIT + 1), "too_long")]
)
def test_unusable_texts(text: str, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        text_work(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("", "empty"),
        ("ftp://files.example/a", "not_a_link"),
        ("javascript:alert(1)", "not_a_link"),
        ("https://", "not_a_link"),
        ("https://[broken/", "not_a_link"),
        ("https://me:word@a.example/", "not_a_link"),
        ("https://a.example/\x00", "not_a_link"),
        ("https://a.example/" + "x" * LINK_LIMIT, "too_long"),
    ],
)
def test_unusable_links(link: str, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        link_work(link)
    assert refused.value.code == code


def test_a_link_stays_as_it_was_given() -> None:
    assert link_work(" https://a.example/x?y=1 ").link == "https://a.example/x?y=1"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-" + b"0" * FILE_LIMIT, "too_big"),
        ("a.pdf", b"MZ", "type"),
        ("a.exe", b"MZ", "type"),
        ("a.html", b"<p>", "type"),
        ("a.svg", b"<svg>", "type"),
        ("pdf", b"%PDF-1.7", "type"),
        ("a.txt", b"a\x00b", "type"),
        ("a.txt", b"\xff\xfe", "type"),
        ("a.docx", b"not a zip", "type"),
    ],
)
def test_unusable_files(name: str, data: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        file_work(name, data)
    assert refused.value.code == code


def test_a_file_keeps_its_own_name_without_any_path() -> None:
    work = file_work("C:\\Users\\anna\\es\x07say.PDF", b"%PDF-1.7")
    assert work.file_name == "essay.PDF"
    assert neutral_name(work.file_name, "k3f9a") == "work-k3f9a.pdf"
