"""What a look makes of the heads that it finds, without a forge or a store."""

from pushboat.model.head import Head
from workers.catching_up import comparing, coverage
from workers.catching_up.comparing import compare

MAIN, ALL = "refs/heads/main", "branches tags"
NOW = 1_000_000.0


def test_a_delivery_has_ten_seconds() -> None:
    """A push is not missed while its delivery may still be on its way, and is when that time is over."""
    for seconds, missed in ((9, {}), (10, {MAIN: "b"})):
        known = {MAIN: Head(ref=MAIN, sha="a", found_at=NOW - seconds)}
        assert compare(known, {MAIN: ("b",)}, ALL, NOW).missed == missed
    assert compare({MAIN: Head(ref=MAIN, sha="a")}, {MAIN: ("b",)}, ALL, NOW).missed == {}


def test_an_annotated_tag_is_known_by_its_commit_and_by_itself() -> None:
    """Forges name the one or the other in their deliveries; both mean this tag."""
    tag = "refs/tags/v1"
    for sha in ("commit", "object"):
        told = compare({tag: Head(ref=tag, sha=sha)}, {tag: ("commit", "object")}, ALL, NOW)
        assert told == comparing.Comparison(covered=ALL)


def test_of_many_missed_ones_the_rest_waits_for_the_next_look() -> None:
    """A mirror pushes hundreds of branches at once: nothing else has to wait for all of them, and none is lost."""
    refs = [f"refs/heads/b{number:03}" for number in range(120)]
    known = {ref: Head(ref=ref, sha="a", found_at=NOW - 60) for ref in refs}
    there = dict.fromkeys(refs, ("b",))
    first = compare(known, there, ALL, NOW)
    assert list(first.missed) == refs[: comparing.MOST_MISSED]
    assert first.more
    rest = {ref: known[ref] for ref in refs[-10:]}
    assert not compare(rest, dict.fromkeys(rest, ("b",)), ALL, NOW).more


def test_too_many_tags_are_left_to_their_deliveries() -> None:
    """Past the limit tags are not tracked; back below it they are noted, not taken for hundreds of new ones."""
    tags = dict.fromkeys((f"refs/tags/v{number}" for number in range(coverage.MOST_REFS + 1)), ("a",))
    assert not coverage.fits(ALL, {MAIN: ("a",), **tags})
    assert coverage.fits("branches", {MAIN: ("a",), **tags})
    many = compare({MAIN: Head(ref=MAIN, sha="a")}, {MAIN: ("a",), **tags}, ALL, NOW, "branches")
    assert (many.covered, many.new, many.found, many.gone) == ("branches", {}, {}, ())
    fewer = {MAIN: ("a",), "refs/tags/v1": ("a",)}
    back = compare({MAIN: Head(ref=MAIN, sha="a")}, fewer, many.covered, NOW)
    assert (back.covered, back.new, back.found) == (ALL, {"refs/tags/v1": "a"}, {})


def test_what_was_not_asked_for_is_not_gone() -> None:
    """Only followed refs are read of a repository with too many: the others, which deliveries told of, stay known."""
    known = {ref: Head(ref=ref, sha="a") for ref in (MAIN, "refs/heads/gone", "refs/tags/v1", "refs/tags/x")}
    asked = f"{MAIN} refs/heads/gone refs/tags/v*"
    looked = compare(known, {MAIN: ("b",)}, asked, NOW, asked)
    assert (looked.gone, looked.found) == (("refs/heads/gone", "refs/tags/v1"), {MAIN: "b"})


def test_the_widest_coverage_comes_first() -> None:
    """Everything, then only the tags or only the branches that deploy, then both, then what is named exactly."""
    assert coverage.choices([MAIN, "refs/tags/v*", MAIN]) == [
        "branches tags",
        "branches refs/tags/v*",
        f"{MAIN} tags",
        f"{MAIN} refs/tags/v*",
        MAIN,
        "nothing",
    ]
    assert coverage.choices([])[1:] == ["branches", "tags", "nothing"]


def test_an_emptied_repository_has_no_heads() -> None:
    """All refs are gone: nothing was missed, and whatever comes again is news."""
    gone = compare({MAIN: Head(ref=MAIN, sha="a")}, {}, ALL, NOW)
    assert (list(gone.gone), gone.missed, gone.covered) == ([MAIN], {}, ALL)
