"""What never changes is kept in memory as long as somebody asks for it, and memory has an end."""

from pushboat.recent import Recent


def test_what_is_asked_for_stays_and_the_rest_makes_room() -> None:
    """I keep three of many: the one that I look at again and again is not the one that goes."""
    recent: Recent[str, int] = Recent(3)
    recent.keep({"a": 1, "b": 2, "c": 3})
    assert recent.find("ax") == {"a": 1}
    recent.keep({"d": 4})
    assert recent.find("abcd") == {"a": 1, "c": 3, "d": 4}


def test_they_are_counted_by_their_weight() -> None:
    """A large one takes the place of many; kept again, it counts once, and one above the bound is not kept at all."""
    recent: Recent[str, str] = Recent(6, len)
    recent.keep({"a": "xx", "b": "xx", "c": "xx"})
    recent.keep({"c": "xxxx"})
    assert recent.find("abc") == {"b": "xx", "c": "xxxx"}
    recent.keep({"c": "x"})
    recent.keep({"d": "xxx"})
    assert recent.find("abcd") == {"b": "xx", "c": "x", "d": "xxx"}
    recent.keep({"e": "xxxxxxx"})
    assert recent.find("abcde") == {}
