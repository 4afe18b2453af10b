"""A command that is smuggled into a comment does nothing, answers nobody, and leaves a record that says why."""

import pytest

from pushboat.model.ask import AskVerdict, Source
from pushboat.routing.grammar import parse
from pushboat.routing.overhearing import by_mail, overheard
from tests.routing.words import comment, read
from tests.spoofing.inert import EVIL, alive
from tests.spoofing.scene import WRITER, Scene
from tests.spoofing.smuggled import COMMAND, MAILED, SMUGGLED


@pytest.mark.parametrize("case", SMUGGLED)
def test_what_only_looks_like_a_command_is_none(case: str) -> None:
    """Wherever somebody hides `/deploy staging`, it is not carried out, and where it stood is said."""
    assert parse(SMUGGLED[case]) is None
    ask = read(comment(SMUGGLED[case]))
    assert ask
    assert (ask.word, ask.environment, ask.refusal) == ("", "", "")
    assert ask.overheard


TALK = [
    "",
    "thanks!",
    "/deployment is slow",
    "see deploy/staging/a.yaml",
    "/deploy-preview",
    "a\n/deploy/staging/web.yaml",
    "you could say /deploy staging",
    "x\n" * 100_000,
]


@pytest.mark.parametrize("text", TALK)
def test_mere_talk_leaves_no_record(text: str) -> None:
    """Who speaks of deploying, or names a path, has tried nothing."""
    assert read(comment(text)) is None


@pytest.mark.parametrize("case", MAILED)
def test_an_answer_to_an_e_mail_commands_nothing(case: str) -> None:
    """I answer the forge's mail with a command: I am told to write it on the page, because a mail proves nothing."""
    said = parse(MAILED[case])
    assert said
    assert said.refusal.startswith("Commands do not count in answers to e-mails")


def test_words_below_a_command_are_no_e_mail() -> None:
    """Reasons, quotes of others and tools' hidden trailers below a command change nothing."""
    for below in (
        "because I wrote: it is urgent now",
        "As Bob wrote:\n> do it",
        "> a quote",
        "<!-- linear: ABC-1 -->",
        "From here on we test",
        "",
    ):
        assert not by_mail(f"{COMMAND}\n\n{below}\n")
        said = parse(f"{COMMAND}\n\n{below}\n")
        assert said
        assert said.word == "deploy"


def test_a_million_characters_are_overheard_at_once() -> None:
    """Nobody keeps the front door busy with a long comment."""
    for line in ("> /deployx", "<!-- <a", "`" * 50, "On x", "<" * 100, "\\" * 99, "." * 90 + " /deployx"):
        assert overheard(f"{line}\n" * 20_000) == ""
    assert overheard("<" * 1_000_000 + "/deploy") is not None


def test_whatever_is_smuggled_leaves_a_record(scene: Scene) -> None:
    """On every forge: nothing deployed, nobody answered, no eyes below it, and the audit says who tried and why not."""
    for text in (*list(SMUGGLED.values())[::6], SMUGGLED["in an HTML comment"]):
        row = scene.comment(WRITER, text)
        (entry,) = row.audit
        assert (entry.who, entry.source, entry.verdict) == (WRITER, Source.COMMENT, AskVerdict.REFUSED)
        assert entry.reason == row.reason
        assert "commands count on a comment's first line, alone" in entry.reason
    assert scene.deployed() == []
    assert scene.replies() == []
    assert [each.reactions for each in scene.project.comments if each.reactions] == []


def test_an_e_mail_is_answered_and_recorded(scene: Scene) -> None:
    """Whoever answers the forge's mail is told in the conversation, and it is kept."""
    row = scene.comment(WRITER, MAILED["above an English quote"])
    assert scene.deployed() == []
    (reply,) = scene.replies()
    assert reply.startswith("Commands do not count in answers to e-mails")
    (entry,) = row.audit
    assert entry.verdict is AskVerdict.REFUSED


HALF_RIGHT = (
    "/depoy staging",
    "\uff0fdeploy staging",
    "/deploy stagin",
    "/deploy staging @team #1 <b>",
    "deploy staging",
)


def test_a_half_right_command_is_answered_and_recorded(scene: Scene) -> None:
    """The front door knows the environments: I get the nearest right command, nothing is deployed, and it is kept."""
    for number, text in enumerate(HALF_RIGHT, 1):
        row = scene.comment(WRITER, text)
        (entry,) = row.audit
        assert entry.verdict is AskVerdict.REFUSED
        assert "Did you mean `/deploy staging`?" in entry.reason
        assert len(scene.replies()) == number
        assert "Did you mean `/deploy staging`?" in scene.replies()[-1]
        assert alive(scene.replies()[-1]) == []
    assert scene.deployed() == []
    for text in ("/deploy-preview", "/deployment staging", "deploy staging?"):
        assert scene.comment(WRITER, text).audit == ()
    assert len(scene.replies()) == len(HALF_RIGHT)


@pytest.mark.parametrize("evil", EVIL, ids=[ascii(each)[:40] for each in EVIL])
def test_what_was_written_wrong_is_said_back_as_code(evil: str) -> None:
    """Whatever somebody puts beside a half-right command comes back inert, or not at all."""
    for text in (
        f"/Deploy {evil}",
        f"/depoy {evil} staging",
        f"/deploy: {evil}",
        f"/deploy staging {evil}",
        f"{evil} x",
    ):
        said = parse(text, ("staging",))
        assert said is None or alive(said.refusal) == []
