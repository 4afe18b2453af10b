"""What `pushboat doctor` asks of plain git: the repository, its hook and secret."""

import hmac
import os
import shlex
from collections.abc import Iterator
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
    install = f"pushboat hook install {shlex.quote(str(folder))}"
    return (
        Check(name="repository", passed=True, sentence=f"{folder} is there"),
        Check(
            name="notes", passed=writable, sentence=notes, fix="" if writable else f"give us write access to {folder}"
        ),
        _judge(hook, hook_url, install),
        *_compare(hook, forge, install),
    )


def _judge(hook: Path, hook_url: str, install: str) -> Check:
    if not hook.exists():
        sentence = f"there is no {hook}, so pushes are told to nobody"
        return Check(name="webhook", passed=False, sentence=sentence, fix=install)
    if not hook.is_file() or not installing.is_ours(hook):
        return Check(name="webhook", passed=False, sentence=f"{hook} is not our hook", fix=install)
    if not os.access(hook, os.X_OK):
        return Check(name="webhook", passed=False, sentence=f"{hook} is not executable", fix=f"chmod +x {hook}")
    base = hook_url.rpartition("/webhooks/")[0]
    if repr(base.rstrip("/")) not in hook.read_text(encoding="utf-8"):
        return Check(name="webhook", passed=False, sentence=f"{hook} does not report to {base}", fix=install)
    return Check(name="webhook", passed=True, sentence=f"{hook} reports to {base}")


def _compare(hook: Path, forge: Forge, install: str) -> Iterator[Check]:
    """Compare the hook's secret with those that pushboat.yaml names; none of them is ever said."""
    file = installing.secret_file(hook)
    if file is None:
        return
    try:
        secret = file.read_bytes().strip(b"\r\n")
    except PermissionError:
        # It is the git server's alone, as it may be; the sentence keeps this from looking compared.
        yield Check(name="secret", passed=True, sentence=f"{file} is not ours to read; it could not be compared")
        return
    except OSError as error:
        sentence = f"{file}, which the hook signs with, cannot be read: {error.strerror}"
        yield Check(name="secret", passed=False, sentence=sentence, fix=install)
        return
    known = [one.value.encode() for one in forge.webhook_secrets if one.value and one.kind == "plain"]
    if any(hmac.compare_digest(secret, one) for one in known):
        yield Check(name="secret", passed=True, sentence="the hook signs with a secret of pushboat.yaml")
    else:
        sentence = f"the secret in {file} is none of those that pushboat.yaml names for {forge.name}"
        yield Check(name="secret", passed=False, sentence=sentence, fix=install)
