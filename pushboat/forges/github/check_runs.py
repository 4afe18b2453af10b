"""A status as a check run: what an App shows in its place, with text, lines of files, and buttons.

A commit has each context once, for ever as it began: as a check run, or as a commit status where it has one already or
we may write no check runs. Two of one name would both have to be green. See docs/adr/0033.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from pushboat.forges.answers import Forbidden, Unacceptable
from pushboat.forges.github.api import Api, create, edit, get
from pushboat.model.check_run import Annotation, Output
from pushboat.model.deployment import short
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import clip

MOST_AT_ONCE = 50
"""Annotations in one request; further ones are added by the next."""
PAGE, MOST_PAGES = 100, 50
"""Statuses of a commit in one answer, as many as GitHub gives; and how many answers are read."""
LARGEST_TEXT = 65_535
"""Bytes of summary and text each."""
_CUT = "\n\n… cut here: its page has all of it."
_GOING_ON = {State.QUEUED: "queued", State.RUNNING: "in_progress"}
_CONCLUSIONS = {
    State.SUCCEEDED: "success",
    State.FAILED: "failure",
    State.ERRORED: "failure",
    State.CANCELLED: "cancelled",
    State.SUPERSEDED: "cancelled",
}


def show(api: Api, repository: str, letter: StatusLetter, public_url: str) -> bool:
    """Show a status as a check run; False where it is to be a commit status."""
    if not api.may_write_checks(repository):
        return False
    try:
        return _show(api, repository, letter, public_url)
    except Forbidden:
        # The permission was taken back since the token was made; the next token is asked for without it.
        api.forget(repository)
        return False
    except Unacceptable:
        # Better the sentence alone than a commit that waits for ever because of what stands below it.
        return _show(api, repository, replace(letter, output=Output()), public_url)


def shows(
    api: Api, ask: Callable[..., dict[str, Any]], repository: str, letter: StatusLetter, public_url: str
) -> bool | None:
    """Ask whether our newest check run says this; None where the commit has none, or we may not know."""
    if not api.may_write_checks(repository):
        return None
    run = _newest(api, ask(lambda github: get(github, _listing(repository, letter))))
    return None if run is None else _says(run, _fields(letter, public_url))


def _show(api: Api, repository: str, letter: StatusLetter, public_url: str) -> bool:
    doing = f"post {letter.status.context} on {repository}@{short(letter.sha)}"
    ask = partial(api.ask, repository, doing)
    run = _newest(api, ask(lambda github: get(github, _listing(repository, letter))))
    if run is None and _has_status(ask, repository, letter):
        return False
    fields, rest = _fields(letter, public_url), letter.output.annotations[MOST_AT_ONCE:]
    if run is None or (run["status"] == "completed" and not _says(run, fields)):
        # What has ended stays as it is: GitHub lets no run begin anew, nor end in another way.
        made = {**fields, "head_sha": letter.sha}
        number = int(ask(lambda github: create(github, f"/repos/{repository}/check-runs", made))["id"])
    elif run["status"] == "completed":
        # Said again: what stands below it may be news, and what got lost of the lines is added.
        number, rest = int(run["id"]), letter.output.annotations[int(run["output"]["annotations_count"]) :]
        told = {"output": _output(letter, rest[:MOST_AT_ONCE]), "actions": fields["actions"]}
        rest = rest[MOST_AT_ONCE:]
        ask(lambda github: edit(github, _path(repository, number), told))
    else:
        number = int(run["id"])
        ask(lambda github: edit(github, _path(repository, number), fields))
    for first in range(0, len(rest), MOST_AT_ONCE):
        added = {"output": _output(letter, rest[first : first + MOST_AT_ONCE])}
        ask(partial(edit, path=_path(repository, number), fields=added))
    return True


def _path(repository: str, number: int) -> str:
    return f"/repos/{repository}/check-runs/{number}"


def _listing(repository: str, letter: StatusLetter) -> str:
    name = quote(letter.status.context, safe="")
    return f"/repos/{repository}/commits/{letter.sha}/check-runs?check_name={name}&filter=latest&per_page=100"


def _newest(api: Api, listed: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give our newest run; another App may have one of the same name, which is not ours to change."""
    ours = [dict(run) for run in listed["check_runs"] if str((run.get("app") or {}).get("id", "")) == api.app_id]
    return max(ours, key=lambda run: int(run["id"]), default=None)


def _has_status(ask: Callable[..., dict[str, Any]], repository: str, letter: StatusLetter) -> bool:
    """Say whether the commit has a status of this context, among however many others."""
    for page in range(1, MOST_PAGES + 1):
        path = f"/repos/{repository}/commits/{letter.sha}/status?per_page={PAGE}&page={page}"
        told = ask(partial(get, path=path))["statuses"]
        if any(str(each["context"]).lower() == letter.status.context.lower() for each in told):
            return True
        if len(told) < PAGE:
            return False
    return False


def _says(run: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Say whether an ended run is this very letter, which an answer that got lost has stored already."""
    told = (run.get("external_id"), run.get("conclusion"), (run.get("output") or {}).get("title"))
    return told == (fields["external_id"], fields.get("conclusion"), fields["output"]["title"])


def _fields(letter: StatusLetter, public_url: str) -> dict[str, Any]:
    status = letter.status
    ended = {"status": "completed", "conclusion": _CONCLUSIONS.get(status.state)}
    return {
        "name": status.context,
        "details_url": public_url + status.path,
        "external_id": status.path,
        **(ended if status.state.ended else {"status": _GOING_ON[status.state]}),
        "output": _output(letter, letter.output.annotations[:MOST_AT_ONCE]),
        "actions": [
            {"identifier": each.word, "label": each.label, "description": each.description}
            for each in letter.output.buttons
        ],
    }


def _output(letter: StatusLetter, annotations: Sequence[Annotation]) -> dict[str, Any]:
    shown: Output = letter.output
    title = clip(letter.status.description) or letter.status.context
    output: dict[str, Any] = {"title": title, "summary": _bounded(shown.summary or title)}
    if shown.text:
        output["text"] = _bounded(shown.text)
    if annotations:
        output["annotations"] = _placed(annotations, letter)
    return output


def _placed(annotations: Sequence[Annotation], letter: StatusLetter) -> list[dict[str, Any]]:
    level = "failure" if _CONCLUSIONS.get(letter.status.state) == "failure" else "warning"
    return [
        {
            "path": each.path,
            "start_line": each.line,
            "end_line": each.line,
            **({"start_column": each.column, "end_column": each.column} if each.column else {}),
            "annotation_level": level,
            "title": letter.status.context,
            "message": each.message,
        }
        for each in annotations
    ]


def _bounded(text: str) -> str:
    """Cut a text with a word: behind a whole line, as half of a code span is none; a fence is closed first."""
    whole = text.encode()
    if len(whole) <= LARGEST_TEXT:
        return text
    fence = text.partition("\n")[0] if text.startswith("```") else ""
    end = f"\n{fence}{_CUT}" if fence else _CUT
    kept = whole[: LARGEST_TEXT - len(end.encode())].decode(errors="ignore")
    return kept[: kept.rfind("\n") if "\n" in kept else 0] + end
