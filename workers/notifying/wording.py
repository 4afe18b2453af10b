"""A notice in words, for people: a title that stands alone, and a text of a few lines with the page's address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib import import_module

from pushboat.config.notifying import Receiver
from pushboat.model.deployment import short
from pushboat.model.json_forms import moment
from pushboat.model.notice import News, Notice
from pushboat.model.times import clock
from pushboat.model.wording import called
from workers.notifying.defusing import defused

LONGEST_TITLE, LONGEST_TEXT = 200, 1_700
"""Characters. Discord takes 2,000 of both, and each break of a pushed text adds one."""
_LONGEST = {"sentence": 400, "subject": 150, "author": 80}
_LONGEST_IN_BRIEF = 100
LATE = 300.0
"""Seconds after which it is said when something happened: whoever reads it thinks of now."""
_LONGEST_NAME = 120
MARKS: Mapping[News, str] = {
    News.DEPLOYED: "✅",
    News.FAILED: "❌",
    News.RECOVERED: "✅",
    News.DRIFTED: "⚠️",
    News.WAITING: "⏳",
    News.REMOVED: "🗑️",
    News.TEST: "🔔",
}
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")
HAPPENED: Mapping[News, str] = {
    News.DEPLOYED: "deployed",
    News.FAILED: "failed",
    News.RECOVERED: "recovered",
    News.DRIFTED: "has drifted",
    News.WAITING: "waits for approval",
    News.REMOVED: "removed",
    News.TEST: "this is a test",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What people read; `url` is the page's address, wherever it stands in the text.

    `brief` is the least that says it, for where all of it is too long.
    """

    title: str
    text: str
    url: str
    brief: str = ""


def words(notice: Notice, receiver: Receiver, public_url: str, now: float) -> Words:
    """Put a notice into words: the receiver's own, where the operator wrote some. What comes late says so."""
    values = fields(notice, public_url)
    title, text = _title(notice, values), _text(notice, values)
    if receiver.title and notice.news is not News.TEST:
        title = " ".join(_filled(receiver.title, values).split())
    if receiver.text and notice.news is not News.TEST:
        text = _filled(receiver.text, values)
    late = f"It happened at {clock(notice.at)}, and could not be told before." if now - notice.at > LATE else ""
    brief = "\n".join(filter(None, (defused(notice.sentence, _LONGEST_IN_BRIEF), values["url"], late)))
    whole = "\n".join(filter(None, (text[:LONGEST_TEXT].rstrip(), late)))
    return Words(title[:LONGEST_TITLE], whole, values["url"], brief)


def in_markdown(said: Words) -> str:
    """Give the text for who reads markdown and no plain text, such as Teams: only our own link is one."""
    lines, link = (_escaped(line) for line in said.text.splitlines()), _escaped(said.url)
    return "\n\n".join(lines).replace(link, f"[{link}]({said.url})")


def in_html(said: Words) -> str:
    """Give the text for who reads HTML, such as a mailbox that was told to."""
    lines, link = (escape(line) for line in said.text.splitlines()), escape(said.url)
    return "<br>\n".join(lines).replace(link, f'<a href="{link}">{link}</a>')


def _escaped(line: str) -> str:
    return _MARKUP.sub(r"\\\1", line)


def fields(notice: Notice, public_url: str) -> Mapping[str, str]:
    """Give what a template may say; nothing that somebody pushed calls anybody in it."""
    said = {
        "news": str(notice.news),
        "repository": notice.repository,
        "environment": notice.environment,
        "sha": notice.sha,
        "short_sha": short(notice.sha),
        "ref": called(notice.ref),
        "sentence": notice.sentence,
        "subject": notice.subject,
        "author": notice.author,
        "deployment": str(notice.deployment or ""),
        "at": moment(notice.at) or "",
    }
    harmless = {name: defused(value, _LONGEST.get(name, _LONGEST_NAME)) for name, value in said.items()}
    return {**harmless, "url": f"{public_url}{notice.path}"}


def _title(notice: Notice, values: Mapping[str, str]) -> str:
    happened = "rolled back" if notice.rolled_back and notice.news is News.DEPLOYED else HAPPENED[notice.news]
    if notice.rolled_back and notice.news is News.RECOVERED:
        happened = "recovered: an earlier release is back"
    name = " ".join(filter(None, (values["repository"], values["environment"])))
    return f"{MARKS[notice.news]} {name}: {happened}"


def _text(notice: Notice, values: Mapping[str, str]) -> str:
    commit = ""
    if notice.sha:
        by = f" by {values['author']}" if values["author"] else ""
        what = f": {values['subject']}" if values["subject"] else ""
        commit = f"{values['short_sha']}{what}{by}"
    return "\n".join(filter(None, (values["sentence"], commit, values["url"])))


def _filled(template: str, values: Mapping[str, str]) -> str:
    text: str = import_module("pushboat.templates").filled(template, values)
    return text
