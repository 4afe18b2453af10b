"""`pushboat health FILE`: how Pushboat judges objects as they stand in a file, offline."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cli import configuration, output, tables
from cli.output import AS_JSON
from cli.pods_in_files import pods_of
from pushboat.config.health import Rules
from pushboat.errors import InvalidManifest
from pushboat.model.health import Finding
from pushboat.model.manifest import Manifest
from workers.cluster.health import assess
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests

FINE = ("Healthy", "Unverified")
"""Unverified is not an alarm: no rule knows the kind, and that is what the command says."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@AS_JSON
@click.pass_context
def health(ctx: click.Context, file: Path, *, as_json: bool) -> int:
    """Judge the objects in FILE (YAML or JSON, or - for stdin) by their spec and status.

    Feed it `kubectl get … -o yaml`. Pods in the same file are evidence for the workload that owns them. The
    operator's own rules (health: in pushboat.yaml) count where that file is there. Exit code 0 when all are Healthy or
    Unverified, else 1.
    """
    findings = judge(read(file), configuration.health_rules(ctx))
    if as_json:
        output.print_json(
            [
                {"ref": str(one.ref), "health": str(one.judgement.health), "reason": one.judgement.reason}
                for one in findings
            ]
        )
    elif findings:
        rows = [(str(one.ref), str(one.judgement.health), one.judgement.reason) for one in findings]
        tables.print_table(("object", "health", "reason"), rows)
    else:
        output.say(f"there are no objects in {file}")
    return 0 if all(one.judgement.health in FINE for one in findings) else 1


def read(file: Path) -> list[Manifest]:
    """Read a file's objects; a file that cannot be read is the caller's mistake, not an unhealthy object."""
    name = "stdin" if str(file) == "-" else str(file)
    try:
        text = decode(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes(), name)
        return read_manifests(text, name if not _is_json(text) else f"{name.removesuffix('.json')}.json")
    except InvalidManifest as error:
        raise click.UsageError(error.summary) from error


def _is_json(text: str) -> bool:
    """Tell JSON by its content: it comes from pipes too, and its tabs are no YAML."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def judge(manifests: Sequence[Manifest], rules: Rules) -> list[Finding]:
    """Judge every object, workloads with their pods beside them."""
    objects = [one.body for one in manifests]
    return [Finding(one.ref, assess(one.body, pods_of(one.body, objects), rules)) for one in manifests]
