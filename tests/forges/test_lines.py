"""What a refusal says of lines is shown at those lines, and at no place outside of the repository."""

import pytest

from pushboat.model.check_run import Annotation, placed


def at(path: str, line: int, column: int, message: str) -> Annotation:
    return Annotation(path=path, line=line, column=column, message=message)


def test_lines_are_read_as_compilers_print_them() -> None:
    """With a column or without, in a list or not, each once; prose says nothing of lines."""
    text = (
        ".pushboat.yaml:3:5: unknown key 'x'\n"
        "- deploy/web.yaml:7: Deployment/web: **replicas** must be a number\n"
        "- deploy/web.yaml:7: Deployment/web: **replicas** must be a number\n"
        "- and 3 more: correct these first, the next push names those\n"
    )
    assert placed(text) == (
        at(".pushboat.yaml", 3, 5, "unknown key 'x'"),
        at("deploy/web.yaml", 7, 0, "Deployment/web: replicas must be a number"),
    )


@pytest.mark.parametrize(
    "line",
    [
        "/etc/passwd.yaml:1:1: x",
        "../other/a.yaml:1:1: x",
        "deploy/../../a.yaml:1:1: x",
        "deploy//a.yaml:1:1: x",
        "deploy/staging:4: of a folder that was rendered",
        "https://example.com/a.yaml:1:1: x",
        "deploy/a.yaml:0:1: x",
        "deploy/a\u202e.yaml:1:1: x",
        f"{'a' * 600}.yaml:1:1: x",
    ],
)
def test_what_is_no_place_in_the_repository_is_none(line: str) -> None:
    """Whoever writes the files writes these names."""
    assert placed(line) == ()


def test_what_is_said_there_prints_as_itself() -> None:
    """No control character and no end of a terminal's line."""
    (found,) = placed(f"deploy/a.yaml:1:1: \x1b[31m{'x' * 5_000}")
    assert "\x1b" not in found.message
    assert len(found.message) < 1_100
