"""`notifications` in the operator's file: mistakes are said at their place with what to write; no address is shown."""

import base64
import re
from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.config.notifying import ALL
from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError, InvalidRepositoryFile
from pushboat.model.notice import News
from tests.configuration.marked import unmarked

PAGE = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text()
ENVIRON = {
    "HOOK": "hook-secret",
    "SLACK": "slack://T1JJ3T3L2/A1BRTD4JD/hush-hush-hush",
    "BARE": "hush-hush-hush",
    "SIGN": "whsec_" + base64.b64encode(b"0" * 32).decode(),
    "SHORT": "whsec_" + base64.b64encode(b"0" * 8).decode(),
    "ADDRESS": "https://hooks.example.org/hush-hush-hush?token=hush",
    "AT": "https://ann:hush@hooks.example.org/x",
}
REST = """
forges:
  hub: {kind: github, webhook_secrets: [{env: HOOK}], token: {env: HOOK}}
clusters: {dev: {kubeconfig: c}}
projects:
  - repository: hub/acme/shop
    environments:
      staging: {cluster: dev, namespaces: [shop]}
      production: {cluster: dev, namespaces: [shop-production], notify: {team: [failed], audit: []}}
"""
GOOD = """
notifications:
  team: {apprise: {env: SLACK}}
  audit: {webhook: {env: ADDRESS}, secrets: [{env: SIGN}], events: [deployed, failed]}
  events: {cloudevents: "https://events.example.org/in", format: cdevents}
"""


def read(text: str) -> Operator:
    """Read a file that begins so."""
    return operator.parse(text, "pushboat.yaml", ENVIRON)


def test_each_hears_what_the_file_says() -> None:
    """People hear what they must know, programs everything, unless I say otherwise; environments have the last word."""
    found = read(f"{GOOD}{REST}")
    team, audit, events = found.receivers.values()
    assert team.events == (News.FAILED, News.RECOVERED, News.DRIFTED, News.WAITING)
    assert (audit.events, events.events) == ((News.DEPLOYED, News.FAILED), ALL)
    assert (events.way, events.cdevents, audit.url) == ("cloudevents", True, ENVIRON["ADDRESS"])
    limits = found.limits("hub/acme/shop", "production")
    assert limits
    assert limits.notify == {"team": (News.FAILED,), "audit": ()}


def test_no_address_is_shown() -> None:
    """What the file looks like in a log or a debugger shows nobody where to write, nor what signs."""
    shown = repr(read(f"{GOOD}{REST}"))
    assert "hush" not in shown
    assert ENVIRON["SIGN"] not in shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("¦team: {}", "needs one of apprise, webhook, cloudevents"),
        ("¦team: {apprise: {env: SLACK}, webhook: {env: ADDRESS}, secrets: [{env: SIGN}]}", "needs one of"),
        ('team: {apprise: ¦"slack://a/b/hush"}', "must not stand in the file"),
        ("team: {apprise: ¦{env: BARE}}", "leads to no address that apprise knows"),
        ("team: {apprise: ¦{env: NOWHERE}}", "needs the environment variable NOWHERE"),
        ("team: {apprise: {env: SLACK, ¦kind: signing}}", "belongs to webhook secrets only"),
        ("¦team: {webhook: {env: ADDRESS}}", "needs 'secrets' that sign"),
        ("team: {webhook: {env: ADDRESS}, secrets: [¦{env: SHORT}]}", "must be 24 to 64 bytes in base64"),
        ("team: {webhook: {env: ADDRESS}, secrets: [¦{env: HOOK}]}", "must be 24 to 64 bytes in base64"),
        ("team: {webhook: ¦{env: AT}, secrets: [{env: SIGN}]}", "must not have credentials in it: 'secrets' show"),
        ('team: {cloudevents: ¦"https://events.example.org/in?token=hush"}', "has a query, which may be secret"),
        ("team: {webhook: ¦{env: SLACK}, secrets: [{env: SIGN}]}", "must begin with https://"),
        ("team: {apprise: {env: SLACK}, events: [¦healthy]}", "must be 'deployed', 'failed'"),
        ("team: {apprise: {env: SLACK}, events: ¦[failed, failed]}", "names something twice"),
        ("team: {apprise: {env: SLACK}, ¦format: cdevents}", "is for cloudevents"),
        ("team: {apprise: {env: SLACK}, ¦secrets: [{env: SIGN}]}", "apprise has its own ways"),
        ('team: {cloudevents: {env: ADDRESS}, ¦text: "x"}', "programs get fields"),
        ('team: {apprise: {env: SLACK}, title: ¦"{{ enviroment }}"}', "knows no field enviroment: there are news"),
        ('team: {apprise: {env: SLACK}, text: ¦"{% if %}"}', "is no Jinja template: line 1 of it"),
        ('team: {apprise: {env: SLACK}, text: ¦"{{ author | shout }}"}', "is no Jinja template"),
        ('team: {apprise: {env: SLACK}, text: ¦"{{ author.__class__.__mro__ }}"}', "cannot be filled (SecurityError"),
        ('team: {apprise: {env: SLACK}, text: ¦"{{ 1 // 0 }}"}', "cannot be filled (ZeroDivisionError"),
        ('team: {apprise: {env: SLACK}, text: ¦"{% for x in range(9) %}{% endfor %}"}', "knows no field range"),
        ("¦Team: {apprise: {env: SLACK}}", "must be lower-case letters"),
    ],
)
def test_mistakes_are_said_at_their_place(line: str, said: str) -> None:
    """Each mistake is named where it stands, before anything starts, and no value that may be secret is repeated."""
    text, at_line, column = unmarked(f"notifications:\n  {line}\n  audit: {{apprise: {{env: SLACK}}}}{REST}")
    with pytest.raises(ConfigurationError) as caught:
        read(text.replace("notify: {team: [failed], audit: []}", "wait: 5m"))
    found = [str(each) for each in caught.value.mistakes]
    assert any(each.startswith(f"pushboat.yaml:{at_line}:{column}: ") and said in each for each in found), found
    assert "hush" not in " ".join(found)


def test_whom_an_environment_names_there_must_be() -> None:
    """A receiver that an environment names and nobody wrote is a mistake, with the one that was meant."""
    with pytest.raises(ConfigurationError) as caught:
        read(f"{GOOD}{REST}".replace("notify: {team:", "notify: {taem:"))
    (found,) = caught.value.mistakes
    assert "is none of 'notifications': did you mean 'team'?" in str(found)


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_of_the_page_loads(example: str) -> None:
    """What docs/notifications.md shows can be copied."""
    names = dict.fromkeys(("GITHUB_WEBHOOK_SECRET", "GITHUB_TOKEN"), ENVIRON["HOOK"])
    audit = {"AUDIT_URL": ENVIRON["ADDRESS"], "AUDIT_SECRET": ENVIRON["SIGN"], "SLACK_URL": ENVIRON["SLACK"]}
    assert operator.parse(example, "pushboat.yaml", {**names, **audit}).receivers


def test_a_pushed_commit_cannot_silence_what_it_breaks() -> None:
    """Who hears is not for the repository's file to say."""
    with pytest.raises(InvalidRepositoryFile, match=r"'notify' is for the operator's pushboat\.yaml to say"):
        repository.parse("environments:\n  staging: {path: deploy, notify: {team: []}}\n")
