"""Chats, mail and programs hear of each event once, in its order, also when they were down."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pushboat.config.notifying import Receiver
from pushboat.model.notice import AddressedLetter
from pushboat.model.state import State
from pushboat.store import outbox
from tests.fakes.listeners import DISCORD, SLACK, TEAMS, Chats, Mail, Program
from tests.notices.reporter import Reporter
from tests.store.repository import time_passes
from workers.notifying.posting import post
from workers.notifying.story import GIVEN_UP_AFTER, LEASE, LOOK_AGAIN
from workers.reporting import Seats, report

WORDS = ("failed", "recovered", "deployed", "rolled back", "removed")


def happened(found: list[str]) -> list[str]:
    """Pick what happened from texts."""
    return [word for text in found for word in WORDS if f"staging: {word}" in text]


def subjects(mail: Mail) -> list[str]:
    """Pick what happened from mails."""
    return happened([str(each["Subject"]) for each in mail.messages])


def test_each_hears_of_each_event_once(reporter: Reporter, chats: Chats, mail: Mail, program: Program) -> None:
    """A deployment fails, the next one gets through: Slack, Teams, Discord, mail and my program hear both, once."""
    reporter.deploy(State.FAILED)
    reporter.work()
    reporter.deploy(State.SUCCEEDED, "12 objects: 3 created, 9 unchanged; healthy in 8 s")
    reporter.work()
    reporter.work_for(5)
    for host in (SLACK, TEAMS, DISCORD):
        assert happened([each.text for each in chats.heard_by(host)]) == ["failed", "recovered"], host
    assert subjects(mail) == ["failed", "recovered"]
    assert [each.json["type"] for each in program.told] == ["environment.failed", "environment.recovered"]
    assert reporter.waiting() == 0
    assert reporter.outcomes("slack") == [("sent", "")] * 2


def test_who_was_down_for_an_hour_hears_everything_once(
    reporter: Reporter, chats: Chats, mail: Mail, program: Program
) -> None:
    """All are away for an hour in which three things happen: afterwards each hears of each, once and in order."""
    chats.down, mail.down, program.says = {SLACK, TEAMS, DISCORD}, True, 503
    reporter.deploy(State.FAILED)
    reporter.work_for(20, step=10)
    reporter.deploy(State.SUCCEEDED)
    reporter.work_for(20, step=10)
    reporter.deploy(State.SUCCEEDED)
    reporter.work_for(20, step=10)
    assert (chats.told, mail.messages, program.told) == ([], [], [])
    assert len(chats.tried) == 3 * 6, "they were asked all the time"

    chats.down, mail.down, program.says = set(), False, 204
    reporter.work_for(5)
    told = ["failed", "recovered", "deployed"]
    for host in (SLACK, TEAMS, DISCORD):
        assert happened([each.text for each in chats.heard_by(host)]) == told, host
    assert subjects(mail) == told
    assert [each.json["data"]["news"] for each in program.told] == told
    reporter.work_for(10)
    assert (len(chats.told), len(mail.messages), len(program.told)) == (9, 3, 3)


@pytest.mark.parametrize("says", [500, 502, 503, 408, 404, 403, 302])
def test_one_that_is_down_holds_no_other_up(
    reporter: Reporter, chats: Chats, mail: Mail, program: Program, says: int
) -> None:
    """My program is broken, or its address is: Slack hears at once, and my program when it is mended."""
    program.says, program.headers = says, {"Location": f"{program.url}/elsewhere"}
    reporter.deploy(State.FAILED)
    reporter.work()
    assert len(chats.heard_by(SLACK)) == len(mail.messages) == 1
    assert [each.path for each in program.tried] == ["/hook"], "it is followed nowhere"
    program.says = 204
    reporter.work_for(10)
    assert len(program.told) == 1


def test_who_asks_for_a_pause_gets_it(reporter: Reporter, chats: Chats, program: Program) -> None:
    """My program is told too much and says when to come again: nobody comes before."""
    reporter.only("hook", "slack")
    program.says, program.headers = 429, {"Retry-After": "600"}
    reporter.deploy(State.FAILED)
    reporter.deploy(State.FAILED)
    reporter.work()
    reporter.work_for(9, 3)
    assert len(program.tried) == 1
    program.says = 204
    reporter.work_for(5)
    assert len(program.told) == 2
    assert len(chats.heard_by(SLACK)) == 2


def test_what_nobody_will_ever_take_holds_nothing_up(reporter: Reporter, program: Program) -> None:
    """My program finds one message unreadable: it is given up with the reason, and the next one comes."""
    reporter.only("hook")
    program.says = 400
    reporter.deploy(State.FAILED)
    reporter.work()
    program.says = 204
    reporter.deploy(State.SUCCEEDED)
    reporter.work()
    assert [each.json["data"]["news"] for each in program.told] == ["recovered"]
    assert reporter.outcomes("hook") == [
        ("dead", "hook answered 400: it does not take this, now or later"),
        ("sent", ""),
    ]


def test_after_three_days_it_is_no_news(reporter: Reporter, program: Program) -> None:
    """My program is gone for days: what is older than that is given up at one try each, what is not waits."""
    reporter.only("hook")
    program.says = 500
    reporter.deploy(State.FAILED)
    reporter.deploy(State.FAILED)
    reporter.work()
    time_passes(reporter.store, GIVEN_UP_AFTER - 3600)
    reporter.work()
    assert reporter.waiting() == 2
    reporter.grow_old(days=3)
    reporter.work_for(5)
    assert [outcome for outcome, _ in reporter.outcomes("hook")] == ["dead", "dead"]
    program.says = 204
    reporter.deploy(State.SUCCEEDED)
    reporter.work()
    assert len(program.told) == 1


@pytest.mark.proof
def test_two_reporters_tell_it_once(reporter: Reporter, chats: Chats, mail: Mail, program: Program) -> None:
    """Two reporters work side by side on one store: nobody hears anything twice."""
    for _ in range(5):
        reporter.deploy(State.FAILED)

    def work(seats: Seats) -> None:
        while due := [forge for forge in outbox.due_forges(reporter.store) if forge.startswith("@")]:
            for forge in due:
                report(reporter.tools, seats, forge)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (Seats(), Seats())))
    reporter.work()
    numbers = [each.json["data"]["deployment"] for each in program.told]
    assert numbers == [1, 2, 3, 4, 5]
    assert len(mail.messages) == len(chats.heard_by(SLACK)) == 5


def test_who_dies_between_telling_and_noting_it_tells_again_under_the_same_id(
    reporter: Reporter, program: Program
) -> None:
    """A reporter dies at the worst moment: my program hears it again, and knows by the id that it has it."""
    reporter.only("hook")
    reporter.deploy(State.FAILED)
    report(reporter.tools, reporter.seats, "@")
    (taken,) = outbox.due_head(reporter.store, "dying", "@hook", limit=1, lease=LEASE)
    letter = outbox.opened(taken)
    assert isinstance(letter, AddressedLetter)
    post(reporter.tools.operator.receivers["hook"], letter.notice, "http://pushboat.example")
    reporter.work()
    assert len(program.told) == 1, "as long as it may live, nobody else tells it"
    time_passes(reporter.store, LEASE + 1)
    reporter.work()
    ids = [each.headers["webhook-id"] for each in program.told]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_each_environment_says_who_hears_what(reporter: Reporter, chats: Chats, mail: Mail, program: Program) -> None:
    """Mail hears of failures only, Discord of nothing, Teams of deployments: each that, and one message for each."""
    reporter.allow(notify={"mail": ("failed",), "discord": (), "teams": ("deployed",)})
    reporter.deploy(State.SUCCEEDED)
    reporter.deploy(State.FAILED)
    reporter.deploy(State.SUCCEEDED)
    reporter.work()
    assert subjects(mail) == ["failed"]
    assert chats.heard_by(DISCORD) == []
    assert happened([each.text for each in chats.heard_by(TEAMS)]) == ["deployed", "recovered"]
    assert happened([each.text for each in chats.heard_by(SLACK)]) == ["deployed", "failed", "recovered"]


def test_who_left_the_file_hears_nothing_and_holds_nothing_up(reporter: Reporter, program: Program) -> None:
    """The operator takes Slack out: what waited for it is given up, and said so."""
    hook = reporter.tools.operator.receivers["hook"]
    reporter.listens(gone=Receiver(name="gone", way="webhook", url=program.url, events=hook.events), hook=hook)
    program.says = 503
    reporter.deploy(State.FAILED)
    reporter.work()
    reporter.listens(hook=hook)
    program.says = 204
    reporter.work_for(5)
    assert len(program.told) == 1
    assert reporter.outcomes("gone") == [("dead", "it is not in the operator's file any more")]


def test_who_is_new_in_the_file_is_told_by_who_has_read_it(reporter: Reporter, program: Program) -> None:
    """I add my program, and one of two reporters has the older file for some seconds: it gives nothing up."""
    hook = reporter.tools.operator.receivers["hook"]
    reporter.only("hook")
    reporter.deploy(State.FAILED)
    report(reporter.tools, reporter.seats, "@")
    reporter.listens()
    report(reporter.tools, reporter.seats, "@hook")
    assert program.told == []
    reporter.listens(hook=hook)
    time_passes(reporter.store, LOOK_AGAIN)
    reporter.work()
    assert len(program.told) == 1


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "http://[fd00:ec2::254]/", "http://100.100.100.200/"])
def test_nobody_is_asked_for_a_clouds_credentials(reporter: Reporter, url: str) -> None:
    """An address that leads into the cloud's own services is refused, and said so."""
    hook = reporter.tools.operator.receivers["hook"]
    reporter.listens(hook=replace(hook, url=url))
    reporter.deploy(State.FAILED)
    reporter.work()
    ((_, error),) = reporter.outcomes("hook")
    assert error.startswith("hook: its name leads to an address that nobody is asked at; the operator must give")


@pytest.mark.parametrize("more", ["retry=3", "optional=yes", "redirect=yes"])
def test_an_address_cannot_ask_for_less_than_is_promised(reporter: Reporter, chats: Chats, more: str) -> None:
    """apprise would try by itself, call a no a yes, or follow elsewhere, where the address says so: not here."""
    discord = reporter.tools.operator.receivers["discord"]
    reporter.listens(discord=replace(discord, url=f"{discord.url}?{more}"))
    chats.says[DISCORD] = (302, b"")
    chats.headers = {"Location": f"https://{SLACK}/"}
    reporter.deploy(State.FAILED)
    reporter.work()
    assert chats.tried == [DISCORD]
    chats.says, chats.headers = {}, {}
    reporter.work_for(5)
    assert len(chats.told) == 1


def test_several_places_in_one_address_are_refused(reporter: Reporter, chats: Chats) -> None:
    """Where one of two channels fails, the other would hear everything twice: each needs a receiver of its own."""
    slack = reporter.tools.operator.receivers["slack"]
    two = Receiver(name="two", way="apprise", url=f"{slack.url}/#one/#other", events=slack.events)
    reporter.listens(two=two)
    reporter.deploy(State.FAILED)
    reporter.work()
    assert chats.told == []
    assert reporter.outcomes("two") == [
        ("", "two names 2 places: the operator must give each a receiver of its own"),
    ]
