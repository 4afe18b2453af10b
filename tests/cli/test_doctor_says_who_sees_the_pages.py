"""An operator learns from the doctor to whom pages and API are shown, before somebody else finds out."""

from pathlib import Path

import pytest

from tests.cli.conftest import OPERATOR, Pushboat
from tests.cli.test_doctor import lines

ELSEWHERE = "public_url: https://pushboat.example.com\n"


@pytest.mark.parametrize(
    ("more", "result", "words"),
    [
        ("", "PASS", "open to everybody who reaches http://127.0.0.1"),
        (ELSEWHERE, "WARN", "hidden"),
        (ELSEWHERE + "pages: open\n", "PASS", "open to everybody who reaches https://pushboat.example.com"),
        (ELSEWHERE + "pages: {password: {file: short}}\n", "WARN", "has 5 characters"),
        (ELSEWHERE + "pages: {password: {file: long}}\n", "PASS", "who knows the password"),
    ],
)
def test_the_doctor_has_a_line_about_pages(more: str, result: str, words: str, pushboat: Pushboat, home: Path) -> None:
    """Hidden pages and short passwords are warned about, with what to write."""
    (home / "short").write_text("12345")
    (home / "long").write_text("0123456789abcdef")
    written = [line for line in OPERATOR.splitlines(keepends=True) if not more or not line.startswith("public_url:")]
    (home / "pushboat.yaml").write_text(more + "".join(written))
    found = lines(pushboat("doctor", "--json"))["pages"]
    assert found["result"] == result
    assert words in found["sentence"]
    assert ("pages" in found.get("fix", "")) == (result == "WARN")


@pytest.mark.parametrize(
    ("more", "result", "words"),
    [
        ("", "PASS", "none is needed"),
        (ELSEWHERE + "pages: open\n", "WARN", "limits of one hold for all"),
        (ELSEWHERE + "pages: {password: {file: long}}\n", "WARN", "wrong passwords of one of them shut out all"),
        (ELSEWHERE + "pages: open\ntrusted_proxies: [10.0.0.0/8, 192.0.2.1]\n", "PASS", "10.0.0.0/8 and 192.0.2.1"),
    ],
)
def test_a_proxy_that_nobody_named_is_warned_about(
    more: str, result: str, words: str, pushboat: Pushboat, home: Path
) -> None:
    """Behind it one stranger's guesses would count as everybody's: the doctor says so, and what to write."""
    (home / "long").write_text("0123456789abcdef")
    written = [line for line in OPERATOR.splitlines(keepends=True) if not more or not line.startswith("public_url:")]
    (home / "pushboat.yaml").write_text(more + "".join(written))
    found = lines(pushboat("doctor", "--json"))["proxies"]
    assert (found["result"], words in found["sentence"]) == (result, True)
    assert ("trusted_proxies" in found["fix"]) == (result == "WARN")
