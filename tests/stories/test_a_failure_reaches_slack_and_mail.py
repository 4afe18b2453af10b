"""What fails in the cluster is heard in Slack, in a mailbox and by a program, and so is that it is over; each once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.forge import FakeForge
from tests.fakes.listeners import SLACK, Mail, Program, listening, reachable_chats
from tests.notices.reporter import SECRET
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import deployment, repository_file


@pytest.mark.proof  # it starts a Pushboat of its own
def test_a_failed_and_then_a_mended_rollout_are_heard_everywhere_once(
    tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge], shops: Callable[[Served, str], Shop]
) -> None:
    """My rollout crashes while Slack is away; I mend it: Slack, my mailbox and my program have heard both, once."""
    known = {"github": forges["github"]}
    (tmp_path / "chats").mkdir()
    program, mail = Program(), Mail()
    with reachable_chats(tmp_path / "chats") as chats, listening(program), listening(mail):
        notifications = {
            "team": {"apprise": {"env": "SLACK_URL"}, "events": ["failed", "recovered"]},
            "mail": {"apprise": {"env": "MAIL_URL"}},
            "audit": {"webhook": program.url, "secrets": [{"env": "AUDIT_SECRET"}]},
        }
        operator = operators_file(kubeconfig, known, {"notifications": notifications}, shops={"github": 1})
        network = {
            "SLACK_URL": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            "MAIL_URL": mail.url,
            "AUDIT_SECRET": SECRET,
            "HTTPS_PROXY": f"http://127.0.0.1:{chats.server_address[1]}",
            "NO_PROXY": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": str(chats.certificate),
        }
        chats.down = {SLACK}
        served = Served.start(tmp_path / "pushboat", operator, {**environ_of(known), **network})
        try:
            shop = shops(served, "github")
            files = {".pushboat.yaml": repository_file(wait="25s")}
            broken = shop.push({**files, "deploy/web.yaml": deployment(behaviour="crash-loop")})
            assert shop.ended(broken)["state"] == "failed"
            until(lambda: mail.messages and program.told, what="the failure in mailbox and program")
            until(lambda: SLACK in chats.tried, what="a try at Slack")
            chats.down = set()
            mended = shop.push({"deploy/web.yaml": deployment()})
            assert shop.ended(mended)["state"] == "succeeded"
            until(lambda: len(chats.told) + len(mail.messages) + len(program.told) >= 6, what="that it is over")
        finally:
            served.stop()
    title = f"{shop.repository} staging: "
    assert [title + each in told.text for each, told in zip(("failed", "recovered"), chats.told, strict=True)] == [
        True
    ] * 2
    assert [str(each["Subject"])[2:] for each in mail.messages] == [f"{title}failed", f"{title}recovered"]
    said = [each.json["data"] for each in program.told]
    assert [(each["news"], each["sha"]) for each in said] == [("failed", broken), ("recovered", mended)]
    assert shop.status(broken, "failure") == said[0]["reason"]
