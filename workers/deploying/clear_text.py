"""What of a commit nobody should read, and what of it stays after exemptions: told alike before a commit and after it.

Nothing here knows the store: `pushboat check` has none.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from pushboat.config.policy import Exemption, Policy
from pushboat.model.manifest import Manifest, Ref
from workers.render.choosing import Rendered
from workers.render.encrypted import read_by_generators
from workers.review.credentials import Credential, credentials, credentials_beside
from workers.review.literals import Literal
from workers.source.checkout import CheckedOut
from workers.source.unrendered import Unrendered

F = TypeVar("F", Credential, Literal)


def credentials_of(out: CheckedOut) -> list[Credential]:
    """Find all of what was checked out, in order."""
    findings = sorted(credentials(out.root, out.files, ()))
    of_generators = read_by_generators(out) if findings else ()  # most have none, and nothing need be read for that
    return [each for each in findings if each.file not in of_generators]


def credentials_beside_it(beside: Unrendered, *, own: bool) -> list[Credential]:
    """Find all in files that no render reads, in order: in the environment's `own` folder, or elsewhere."""
    files = ((file, raw) for file, raw in beside.files.items() if beside.is_own(file) == own)
    return sorted(each for file, raw in files for each in credentials_beside(file, raw, beside.folder, own=own))


def literals_of(made: Rendered) -> list[Literal]:
    """Find all Secrets of a render that stand in the repository in plain text."""
    return [_literal(each, made.in_clear) for each in made.manifests if each.ref in made.in_clear]


def staying(policy: Policy, rule: str, found: Sequence[F], today: date) -> list[str]:
    """Say what of it no exemption lets pass today, a sentence each."""
    exempt = [(each, policy.exemption(rule, each.file)) for each in found]
    return [
        f"{each}{_ended(exemption, today)} ({rule})"
        for each, exemption in exempt
        if exemption is None or exemption.until < today
    ]


def _ended(exemption: Exemption | None, today: date) -> str:
    return f"; its exemption ended on {exemption.until.isoformat()}" if exemption and exemption.until < today else ""


def _literal(manifest: Manifest, in_clear: Mapping[Ref, int]) -> Literal:
    return Literal(file=manifest.file, place=manifest.place, ref=str(manifest.ref), values=in_clear[manifest.ref])
