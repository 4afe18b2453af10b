"""Durations are read as people write them."""

import pytest

from pushboat.config.durations import seconds

READ: dict[object, int] = {
    "0": 0,
    0: 0,
    "90s": 90,
    "10m": 600,
    "1h30m": 5400,
    "1h2m3s": 3723,
    "24h": 86_400,
    "1d": 86_400,
    "0s": 0,
}
REFUSED = [
    "",
    "10",
    10,
    -1,
    True,
    None,
    1.5,
    "1.5h",
    "30m1h",
    "-5m",
    "5 m",
    "5M",
    "m",
    "1d1s",
    "12h1d",
    "25h",
    "\uff19m",
    "1h\n",
    [],
]


@pytest.mark.parametrize("written", READ)
def test_a_duration_is_seconds(written: object) -> None:
    """Hours, minutes and seconds add up."""
    assert seconds(written) == READ[written]


@pytest.mark.parametrize("written", REFUSED, ids=repr)
def test_anything_else_says_how_to_write_it(written: object) -> None:
    """A number without a unit, a fraction or another order is refused with an example."""
    with pytest.raises(ValueError, match=r"90s|write \d+s or \d+m|24h"):
        seconds(written)
