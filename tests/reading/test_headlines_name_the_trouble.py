"""The sentence on top of the front page names what somebody must decide."""

from pushboat.model.wording import unbold
from pushboat.reading.environments import Overview
from pushboat.reading.headlines import of_environments


def test_an_environment_that_left_its_file_is_on_top() -> None:
    """What still runs although no file names it is not called fine; I read which one it is."""
    left = Overview(repository="github/acme/shop", environment="old", left="left .pushboat.yaml with 1111111")
    fine = Overview(repository="github/acme/shop", environment="staging")
    assert of_environments([fine, left]) == "1 of 2 environments left the files and still runs: old"
    assert of_environments([fine]) == "Nothing in trouble in 1 environment"


def test_a_terminal_shows_no_marks_of_bold_text() -> None:
    """What a page sets in bold is plain where nobody renders it; a lone asterisk of somebody else stays."""
    assert unbold("**Deployment/shop/web** is Degraded: a * b") == "Deployment/shop/web is Degraded: a * b"
