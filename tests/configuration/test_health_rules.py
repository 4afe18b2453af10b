"""`health` of the operator's file: rules are compiled when it is read, and each mistake is shown at its place."""

from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.health import Rules
from pushboat.errors import ConfigurationError
from tests.configuration.test_operator_file import ENVIRON, SMALLEST


def read(text: str) -> Rules:
    """Read lines in front of the smallest file."""
    return operator.parse(f"{text}\n{SMALLEST}", Path("/tmp/pushboat.yaml"), ENVIRON).health


def test_without_a_word_there_are_no_rules() -> None:
    """I say nothing, and Pushboat's own rules count."""
    assert read("") == {}


def test_a_rule_is_found_by_kind_and_group() -> None:
    """Kinds are written as kubectl names them, and one of the core group without a group."""
    rules = read("health: [{kind: Widget.example.com, healthy: 'true'}, {kind: Pod, healthy: 'true', failed: 'false'}]")
    assert set(rules) == {("example.com", "Widget"), ("", "Pod")}
    assert rules["", "Pod"].failed is not None
    assert rules["example.com", "Widget"].failed is None


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("{kind: W.example.com}", "'healthy' is missing: a CEL expression such as status.phase == 'Ready'"),
        ("{healthy: 'true'}", "'kind' is missing: Kind.group, such as Widget.example.com"),
        ("{kind: W.example.com/v1, healthy: 'true'}", "'kind' is the kind and its group, such as Widget.example.com"),
        ("{kind: W, healthy: 'statu.x == 1'}", "undeclared reference to 'statu.x' (at its character 6)"),
        ("{kind: W, healthy: 'statu == 1'}", "'healthy' is no CEL expression: undeclared reference to 'statu'"),
        ("{kind: W, healthy: 'status.x =='}", "'healthy' is no CEL expression: Syntax error"),
        ("{kind: W, healthy: '1 + 1'}", "'healthy' must come out as true or false, not as int"),
        ("{kind: W, healthy: 'true', reason: '1'}", "'reason' must come out as text, not as int"),
        ("{kind: W, healthy: ''}", "'healthy' is empty"),
        ("{kind: W, healthy: true}", "'healthy' must be text: put it in quotes"),
        ("{kind: W, healthy: 'true', failed: null}", "'failed' has no value: give it one or remove the key"),
        ("{kind: W, current: 'true'}", "unknown key 'current'"),
        ("W", "'health' must be a mapping"),
    ],
)
def test_a_mistake_says_what_to_write(rule: str, sentence: str) -> None:
    """A rule that could never be asked is refused when the file is read, in its line."""
    with pytest.raises(ConfigurationError) as raised:
        read(f"health:\n  - {rule}")
    (mistake, *_) = [each for each in raised.value.mistakes if sentence in each.message] or [None]
    assert mistake is not None, raised.value.mistakes
    assert mistake.line == 2


def test_one_kind_has_one_rule() -> None:
    """The second rule of a kind is a mistake: which of them would count?"""
    with pytest.raises(ConfigurationError) as raised:
        read("health:\n  - {kind: W.a.b, healthy: 'true'}\n  - {kind: W.a.b, healthy: 'false'}")
    (mistake,) = raised.value.mistakes
    assert (mistake.line, mistake.message) == (3, "'W.a.b' has a rule already: one rule per kind")


def test_an_expression_of_several_lines_names_its_line() -> None:
    """A long rule may be a block of lines; the mistake is found in it."""
    with pytest.raises(ConfigurationError) as raised:
        read("health:\n  - kind: W\n    healthy: |\n      has(status.a) &&\n      nope == 1")
    assert "(in its line 2, at character 1)" in str(raised.value.mistakes[0])


def test_an_endless_expression_is_refused() -> None:
    """Nothing that is too long to be read is compiled."""
    with pytest.raises(ConfigurationError) as raised:
        read(f"health: [{{kind: W, healthy: '{'true || ' * 1000}true'}}]")
    assert "is longer than 4096 characters" in str(raised.value.mistakes[0])
