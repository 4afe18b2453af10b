"""Look at what a push led to, once it has ended: everything that a promise can be judged by."""

import time
from collections.abc import Iterable
from dataclasses import replace

from tests.corpus.scene import Scene
from tests.corpus.seen import History, Said, Seen
from tests.corpus.words import Promise

ENDS = {"succeeded": "success", "failed": "failure", "errored": "error", "cancelled": "error"}
"""A deployment's last state, and how its status then ends. What was superseded ends as its successor does."""

SECONDS_TO_END = 240.0
"""How long a push may take where its promise does not say it."""

SECONDS_BETWEEN_LOOKS = 0.05


def look(scene: Scene, promise: Promise) -> Seen:
    """Wait until the statuses of a promise have ended, or its time is up, and look at everything that it is about."""
    limit = scene.pushed_at + (SECONDS_TO_END if promise.within is None else promise.within)
    for sha, one in [(scene.sha, promise), *((scene.tags[tag], one) for tag, one in promise.of.items())]:
        for context in one.contexts:
            _wait(scene, sha, context, limit)
    return look_now(scene, promise)


def look_now(scene: Scene, promise: Promise) -> Seen:
    """Look at everything that a promise is about, as it is at this moment."""
    elapsed = scene.elapsed()
    told = {name for one in promise.whole() for name in (*one.always, *one.order)}
    return Seen(
        said=_said(scene, scene.sha, promise.contexts),
        elapsed=elapsed,
        objects={name: scene.objects.find(name) for name in promise.present},
        history={
            name: scene.objects.since(name, scene.revision, scene.before[name])
            if name in told
            else History(before=scene.before[name])
            for name in promise.past
        },
        of={tag: _look_at_tag(scene, tag, one) for tag, one in promise.of.items()},
    )


def _look_at_tag(scene: Scene, tag: str, promise: Promise) -> Seen:
    """Look at what is said of a tag's commit; the cluster is the same for all."""
    return replace(look_now(scene, promise), said=_said(scene, scene.tags[tag], promise.contexts))


def _said(scene: Scene, sha: str, contexts: Iterable[str]) -> dict[str, Said]:
    found = {context: newest(scene, sha, context) for context in contexts}
    return {context: said for context, said in found.items() if said}


def newest(scene: Scene, sha: str, context: str) -> Said | None:
    """Give the newest status of a context and the deployment that it links to; None where nobody said anything."""
    statuses = scene.stage.forge.statuses(scene.name, sha, context)
    if not statuses:
        return None
    _, state, description, address = statuses[-1]
    row = scene.stage.row(address)
    if row is None:
        return Said(state=state, description=description, ended=state != "pending")
    end = ENDS.get(row["state"], state)
    return Said(
        state=state,
        description=description,
        reason=row["reason"],
        counts=row["objects"],
        ended=state != "pending" and bool(row["finished_at"]) and state == end,
    )


def _wait(scene: Scene, sha: str, context: str, limit: float) -> None:
    """Wait for the end of a status, or for the limit: what has not ended by then is judged as it is.

    Raises AssertionError where no end can come, because Pushboat refused to hear of it.
    """
    answers = [sent.response for sent in scene.sent]
    refused = [answer for answer in answers if answer is None or answer.status_code != 202]
    if refused and len(refused) == len(answers):
        told = "; ".join(f"{one.status_code} {one.text.strip()}" if one is not None else "no answer" for one in refused)
        raise AssertionError(f"{context}: Pushboat did not accept the delivery: {told}")
    while not ((said := newest(scene, sha, context)) and said.ended) and time.monotonic() < limit:
        time.sleep(SECONDS_BETWEEN_LOOKS)
