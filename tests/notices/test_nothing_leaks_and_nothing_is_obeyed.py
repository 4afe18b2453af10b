"""What somebody pushed calls nobody in a chat, and no address of a receiver is ever shown."""

import logging
from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.config.notifying import Receiver
from pushboat.model.notice import News, Notice
from pushboat.model.state import State
from tests.fakes.listeners import DISCORD, SLACK, TEAMS, Chats, Mail, Program
from tests.notices.reporter import SECRET, Reporter
from workers.notifying.posting import post
from workers.notifying.wording import words

HOSTILE = (
    "<!channel> <!here> @everyone @here <@U123> <at>Ann</at> [log in](https://evil.example/a) <https://evil.example|x> "
    "**b** __c__ ~~d~~ ||e|| `f` <script>g</script>\r\nSubject: h\n.\n\u202ei\u200ej\x1b[31mk\x00 \uff20everyone"
)
SECRETS = ("JHMHI8qBe7bk2ZwO5U711o3dV_js", "TIiajkdnlazkcOXrIdevi7FQ", "SIGNATURE_IS_SECRET", SECRET.partition("_")[2])


def notice(**more: str) -> Notice:
    """Something that happened, in hostile words."""
    said = {
        "sentence": HOSTILE,
        "subject": HOSTILE,
        "author": HOSTILE,
        "ref": HOSTILE,
        "environment": "staging",
        **more,
    }
    return Notice(id="1", news=News.FAILED, at=0.0, repository="github/acme/shop", sha="a" * 40, path="/x", **said)


@pytest.mark.parametrize("template", ["", "{{ sentence }} {{ subject }} {{ author }} {{ ref }} {{ url }}"])
def test_what_was_pushed_calls_nobody(template: str) -> None:
    """A commit's subject mentions everybody, links to a false login and hides its end: in a chat it does none of it."""
    receiver = Receiver(name="x", way="apprise", url="x://y", title=template, text=template)
    said = words(notice(), receiver, "https://p.io", now=0.0)
    for text in (said.title, said.text):
        for obeyed in (
            "<",
            ">",
            "@everyone",
            "@here",
            "](",
            "**",
            "__",
            "~~",
            "||",
            "`",
            "\r",
            "\x1b",
        ):
            assert obeyed not in text, obeyed
        assert not any(hidden in text for hidden in "\u202e\u200e\x00")
        assert text.replace("https://p.io/x", "").count("://") == 0
    assert "\n" not in said.title
    assert "https://p.io/x" in said.text
    assert len(said.title) <= 200
    assert len(said.text) <= 1500


@pytest.mark.parametrize("word", ["x", "@", "*", "](", "& "])
def test_a_novel_in_a_commit_is_cut_and_its_page_is_not(reporter: Reporter, chats: Chats, word: str) -> None:
    """However much somebody wrote, of whatever is broken up: in each chat the message ends with its page's address."""
    reporter.only("slack", "teams", "discord")
    novel = word * 50_000
    told = notice(sentence=novel, subject=novel, author=novel, ref=novel)
    for receiver in reporter.tools.operator.receivers.values():
        post(receiver, told, "https://p.io")
    for host in (SLACK, TEAMS, DISCORD):
        (one,) = chats.heard_by(host)
        assert "https://p.io/x" in one.text
        assert "It happened at 1970-01-01 00:00 UTC, and could not be told before." in one.text.replace("\\\\", "")
    assert len(chats.heard_by(DISCORD)[0].json["content"]) <= 2000


def test_who_hears_late_hears_when_it_was(reporter: Reporter, chats: Chats) -> None:
    """Slack was away for an hour: what it hears then does not look as if it happened now."""
    reporter.only("slack")
    chats.down = {SLACK}
    reporter.deploy(State.FAILED)
    reporter.work()
    reporter.grow_old(days=1)
    chats.down = set()
    reporter.work_for(5)
    assert "could not be told before" in chats.heard_by(SLACK)[0].text
    reporter.deploy(State.SUCCEEDED)
    reporter.work()
    assert "could not be told before" not in chats.heard_by(SLACK)[1].text


def test_hostile_words_are_one_message_everywhere(reporter: Reporter, chats: Chats, mail: Mail) -> None:
    """Slack, Teams, Discord and mail get one message each: no header, no second mail, no card comes of its words."""
    reporter.only("slack", "teams", "discord", "mail")
    reporter.deploy(State.FAILED, HOSTILE)
    reporter.work()
    for host in (SLACK, TEAMS, DISCORD):
        (told,) = chats.heard_by(host)
        assert "<!channel>" not in told.text.encode().decode("unicode_escape")
    (message,) = mail.messages
    assert message["Subject"] == "❌ github/acme/shop staging: failed"
    assert mail.recipients == ["team@example.org"]
    assert reporter.outcomes("mail") == [("sent", "")]


@pytest.mark.parametrize("trouble", ["down", "refused", "sent elsewhere", "unreadable"])
def test_no_address_is_ever_shown(
    reporter: Reporter, chats: Chats, mail: Mail, program: Program, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    """Whatever goes wrong, neither our log nor the store's sentences have what lets somebody write to my channel."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="apprise")
    hosts = (SLACK, TEAMS, DISCORD)
    if trouble == "down":
        chats.down, mail.down, program.says = set(hosts), True, 503
    else:
        status = {"refused": 403, "sent elsewhere": 302, "unreadable": 400}[trouble]
        chats.says, program.says = dict.fromkeys(hosts, (status, b"no")), status
        chats.headers = program.headers = {"Location": "http://127.0.0.1:1/elsewhere"}
        mail.says = "550 no"
    receivers = reporter.tools.operator.receivers
    hook = replace(receivers["hook"], url=f"{program.url}?token={SECRETS[0]}")
    reporter.listens(**{**receivers, "hook": hook})
    reporter.deploy(State.FAILED)
    reporter.work()
    with reporter.store.reading() as tx:
        shown = str([dict(row) for row in tx.rows(sa.text("SELECT * FROM outbox"))])
    assert chats.told == mail.messages == program.told == []
    said = {"down": "does not answer", "refused": "403", "sent elsewhere": "302", "unreadable": "400"}[trouble]
    for name in ("slack", "teams", "discord"):
        ((_, error),) = reporter.outcomes(name)
        assert said in error
    assert any("a notice waits" in each.getMessage() for each in caplog.records)
    # pytest listens to apprise's log itself, which leads nowhere else.
    shown += "".join(f"{each.getMessage()} {each.exc_info}" for each in caplog.records if each.name != "apprise")
    assert not logging.getLogger("apprise").propagate
    assert [each for each in SECRETS if each in shown] == []
