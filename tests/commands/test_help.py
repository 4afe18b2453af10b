"""`/deploy help` is made from the commands, so that it cannot forget one."""

from pushboat.model.command_words import COMMAND_LINE_WORDS, COMMAND_WORDS
from pushboat.routing import Reply, asking
from pushboat.routing.answering import answer
from pushboat.routing.command import table
from tests.routing.words import LIVE, STAGING, answered, asked, comment


def test_help_lists_every_command_and_the_environments() -> None:
    """What can be said, one line each, and where it may lead; whoever may comment may ask."""
    (act,) = answered(comment("/deploy help"), asked(STAGING, LIVE, permission="none")).acts
    assert isinstance(act, Reply)
    for command in table().values():
        assert (f"- `{command.grammar}`: {command.help}\n" in act.body) == bool(command.grammar)
    assert "- `/deploy <environment>`: Deploy" in act.body
    assert act.body.endswith("\nEnvironments of acme/shop: live, staging.")


def test_every_command_says_what_it_does() -> None:
    """Each has a line of help, and begins with /deploy where a comment may hold it; the others are the terminal's."""
    for word, command in table().items():
        assert command.help, word
        assert command.grammar.split()[:1] == (["/deploy"] if word in {*COMMAND_WORDS, "deploy"} else []), word
        assert command.grammar or word in COMMAND_LINE_WORDS, word


def test_a_slip_is_answered_with_the_nearest_command_and_not_with_all_of_them() -> None:
    """Five typos do not fill my pull request's page: one line says what I meant, and where the rest stands."""
    slip = asking.read(comment("/deploy rollbak staging"), "github/acme/shop", ("staging",))
    assert slip
    (act,) = answer(slip, asked(STAGING)).acts
    assert isinstance(act, Reply)
    assert act.body.endswith("Did you mean `/deploy rollback staging`?\n\n`/deploy help` lists all commands.")
    (act,) = answered(comment("/deploy \u2014"), asked(STAGING)).acts
    assert isinstance(act, Reply)
    assert "- `/deploy status`" in act.body
