"""Why a comment is talk: said to whoever expected a command."""

import pytest

from pushboat.routing import talk


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("", "it is empty"),
        ("\n \n", "it is empty"),
        ("> /deploy staging", "a quote"),
        ("```\n/deploy staging\n```", "opens a code block, and /deploy stands on line 2"),
        ("    /deploy staging", "indented as code"),
        ("<!-- /deploy staging -->", "hidden from readers"),
        ("thanks!\r\n\r\n/deploy staging", "but “thanks!”, and /deploy stands on line 3"),
        ("hello\x1b[31m", "but “hello\\u001b[31m”"),
    ],
)
def test_each_reason_is_said(comment: str, words: str) -> None:
    """By the first line that shows something; nothing in it is obeyed."""
    assert words in talk.why(comment)
