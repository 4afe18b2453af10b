"""`retention` of the operator's file: spans in days, and what is refused."""

from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.retention import Retention
from pushboat.errors import ConfigurationError
from tests.configuration.test_operator_file import ENVIRON, SMALLEST

DAY = 86_400


def read(text: str) -> Retention:
    """Read lines in front of the smallest file."""
    return operator.parse(f"{text}\n{SMALLEST}", Path("/tmp/pushboat.yaml"), ENVIRON).retention


def test_without_a_word_deliveries_stay_for_a_month_and_deployments_for_half_a_year() -> None:
    """I say nothing, and what the reference promises is what I get."""
    assert read("") == Retention(deliveries=30 * DAY, deployments=180 * DAY, keep=20, caches=30 * DAY)


def test_spans_are_written_in_days() -> None:
    """Each key may stand alone; the others stay as they are."""
    assert read("retention: {deployments: 1d12h, keep: 3}") == Retention(deployments=1.5 * DAY, keep=3)
    assert read("retention: {deliveries: 12h, caches: 365d}") == Retention(deliveries=DAY / 2, caches=365 * DAY)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{deliveries: 30}", "'deliveries' has no unit: write 30h or 30d"),
        ("{deliveries: a month}", "'deliveries' must be a duration such as 12h, 30d or 1d12h"),
        ("{deliveries: 59m}", "'deliveries' is too short: at least 1h"),
        ("{deployments: 0}", "'deployments' is too short: at least 1h"),
        ("{deployments: 3651d}", "'deployments' is too long: at most 3650d"),
        ("{keep: 0}", "'keep' must be at least 1"),
        ("{kept: 1}", "unknown key 'kept'"),
        ("30d", "'retention' must be a mapping"),
    ],
)
def test_a_mistake_says_what_to_write(text: str, sentence: str) -> None:
    """What would take too much away, or nothing ever, is refused with a sentence."""
    with pytest.raises(ConfigurationError, match=sentence.split(":")[0].replace("(", "\\(")) as raised:
        read(f"retention: {text}")
    assert sentence in str(raised.value.mistakes[0])
