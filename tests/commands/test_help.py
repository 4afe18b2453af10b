"""`/deploy help` is made from the commands, so that it cannot forget one."""

from pushboat.routing import Reply
from pushboat.routing.command import table
from tests.routing.words import LIVE, STAGING, answered, asked, comment


def test_help_lists_every_command_and_the_environments() -> None:
    """What can be said, one line each, and where it may lead; whoever may comment may ask."""
    (act,) = answered(comment("/deploy help"), asked(STAGING, LIVE, permission="none")).acts
    assert isinstance(act, Reply)
    for command in table().values():
        assert f"- `{command.grammar}`: {command.help}\n" in act.body
    assert "- `/deploy <environment>`: Deploy" in act.body
    assert act.body.endswith("\nEnvironments of acme/shop: live, staging.")


def test_every_command_says_what_it_does() -> None:
    """Each has a grammar that begins with /deploy and one line of help."""
    for word, command in table().items():
        assert command.grammar.split()[0] == "/deploy", word
        assert command.help, word
