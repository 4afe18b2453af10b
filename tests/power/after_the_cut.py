"""What must hold when the power comes back: the store opens, and every delivery that was answered 202 is in it."""

import random
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from pushboat.model.delivery import DeliveryRow, Verdict
from pushboat.store import deliveries, routing_jobs
from pushboat.store.database import migrations, soundness
from pushboat.store.database.engine import Store, open_store
from tests.power.disk import play
from tests.power.recording import Recording


def lay_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Make the state folder that the disk was left with."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def promised_before(recording: Recording, cut: int) -> set[int]:
    """Say which deliveries somebody may have heard a 202 for when the power was cut before record `cut`."""
    return {number for number, answered in recording.promises.items() if answered < cut}


def keeps_promises(recording: Recording, cut: int, state: Path) -> None:
    """Open what the cut left as `serve` does, and see that nothing accepted is missing.

    Raises:
        AssertionError: something is, with what was recorded around the cut.
    """
    promised = promised_before(recording, cut)
    store = open_store("", state)
    try:
        trouble = _trouble(store, promised)
    finally:
        store.close()
    assert not trouble, f"{trouble}\ncut before record {cut} of {len(recording.records)}:\n{recording.around(cut)}"


def _trouble(store: Store, promised: set[int]) -> str:
    soundness.refuse_damaged(store)  # a power cut is no damage: nobody may have to restore a backup after it
    migrations.upgrade(store)
    rows = {row.id: row for row in deliveries.listed(store, limit=100_000)}
    lost = sorted(promised - rows.keys())
    if lost:
        return f"{len(lost)} of {len(promised)} deliveries were answered 202 and are gone: {lost[:10]}"
    idle = [row.id for row in rows.values() if row.id in promised and not _waits(row)]
    if idle:
        return f"deliveries that were answered 202 will not be routed: {idle[:10]}"
    return _not_due(store, {rows[number].repository for number in promised})


def _waits(row: DeliveryRow) -> bool:
    return row.verdict is Verdict.ACCEPTED and row.routed_at is None and bool(row.event.sha)


def _not_due(store: Store, repositories: Iterable[str]) -> str:
    """Take each repository's routing as a worker would: what is stored and never comes up would be lost as well."""
    due = routing_jobs.due_repositories(store)
    for name in repositories:
        claim = routing_jobs.claim_routing(store, name, "the one after the cut") if name in due else None
        if claim is None or routing_jobs.next_unrouted(store, claim) is None:
            return f"{name} has accepted deliveries, and its routing is not due"
    return ""


def cut_points(recording: Recording, count: int, chance: random.Random) -> list[int]:
    """Choose where to cut: half of them right after an answer, the worst moment, the others anywhere."""
    answered = sorted(index + 1 for index in recording.promises.values())
    chosen = set(chance.sample(answered, min(count // 2, len(answered))))
    anywhere = [index for index in range(len(recording.records) + 1) if index not in chosen]
    return sorted(chosen | set(chance.sample(anywhere, min(count - len(chosen), len(anywhere)))))


def cut_everywhere(recording: Recording, cuts: list[int], folder: Path, chance: random.Random | None = None) -> None:
    """Cut the power at each of these points; `chance`: something of what was not synced may have survived."""
    wanted = set(cuts)
    for index, disk in play(recording):
        if index in wanted:
            left = disk.by_chance(chance) if chance else disk.only_synced()
            keeps_promises(recording, index, lay_out(folder, left))
