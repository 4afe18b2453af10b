"""What `pushboat doctor` asks of a plain git server: the repository, its hook, and whether notes can be kept."""

import os
from pathlib import Path

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused
from pushboat.forges.git import installing, repositories
from pushboat.forges.protocol import Check


def examine(forge: Forge, repository: str, hook_url: str) -> tuple[Check, ...]:
    """Make all checks."""
    try:
        folder = repositories.folder(forge, repository)
    except ForgeRefused as refusal:
        fix = f"git init --bare {forge.root}/{repository}.git"
        return (Check(name="repository", passed=False, sentence=refusal.summary, fix=fix),)
    writable = os.access(folder, os.W_OK)
    notes = "states can be kept as notes" if writable else f"{folder} is not writable: states cannot be kept as notes"
    hook = folder / "hooks" / "post-receive"
    install = f"pushboat hook install {folder}"
    return (
        Check(name="repository", passed=True, sentence=f"{folder} is there"),
        Check(
            name="notes", passed=writable, sentence=notes, fix="" if writable else f"give us write access to {folder}"
        ),
        _judge(hook, hook_url, install),
    )


def _judge(hook: Path, hook_url: str, install: str) -> Check:
    if not hook.is_file() or not installing.is_ours(hook):
        return Check(name="webhook", passed=False, sentence=f"{hook} is not our hook", fix=install)
    if not os.access(hook, os.X_OK):
        return Check(name="webhook", passed=False, sentence=f"{hook} is not executable", fix=f"chmod +x {hook}")
    base = hook_url.rpartition("/webhooks/")[0]
    if repr(base.rstrip("/")) not in hook.read_text(encoding="utf-8"):
        return Check(name="webhook", passed=False, sentence=f"{hook} does not report to {base}", fix=install)
    return Check(name="webhook", passed=True, sentence=f"{hook} reports to {base}")
