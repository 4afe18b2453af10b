"""A release's signed record with what it takes to check it: the public key, and the newest stamp on the audit."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError
from pushboat.model.chain import Stamp
from pushboat.model.deployment import Deployment
from pushboat.model.json_forms import moment
from pushboat.model.record_worth import Judged, Worth, about, judge
from pushboat.own_key import known_key
from pushboat.sealing import Key
from pushboat.store import release_records, stamping
from pushboat.store.database.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record of a deployment's release.

    Args:
        written: the DSSE envelope as it is stored; empty where it is not signed yet.
        key: the installation's public key; empty where its key is not here.
        stamp: the newest stamp; None where there is none yet.
    """

    deployment: Deployment
    written: str
    judged: Judged
    key: bytes
    stamp: Stamp | None

    @property
    def noted(self) -> str:
        """Give the stamp as `pushboat audit verify --noted` takes it; empty where there is none."""
        return f"{self.stamp.link.position}:{self.stamp.link.digest}" if self.stamp else ""


def find(store: Store, operator: Operator, deployment: Deployment, former: Collection[bytes] = ()) -> Record | None:
    """Find the record of a deployment's release, which `former` keys may have signed; None where it became none."""
    written = release_records.find(store, deployment.id)
    if written is None:
        return None
    keys = own_keys(operator)
    return Record(
        deployment=deployment,
        written=written,
        judged=judge(written, about(deployment), (*keys, *former)),
        key=keys[0] if keys else b"",
        stamp=stamping.newest(store, keys),
    )


def lacking(found: Record | None, number: int) -> str:
    """Say why a deployment has no record to show, or not yet; empty where it has one."""
    if found is None:
        said = "no release, and so no record: only what got through and brought something has one"
    elif found.judged.worth is Worth.DUE:
        said = "a release, and its record is not signed yet: the dispatcher does that"
    else:
        return ""
    return f"deployment {number} has {said}"


def own_keys(operator: Operator) -> tuple[bytes, ...]:
    """Give the public key of this installation, where its key is here; who only looks makes none."""
    try:
        secret = known_key(operator)
    except ConfigurationError:  # a file that is no key, or not ours to read, hides nothing that is signed
        return ()
    return (Key(secret).public(),) if secret else ()


def record_form(record: Record) -> dict[str, Any]:
    """Write a record as JSON; `envelope` is null where what is stored is none."""
    stamp = record.stamp
    return {
        "deployment": record.deployment.id,
        "signature": str(record.judged.worth),
        "why": record.judged.why,
        "envelope": envelope(record.written),
        "key": record.key.hex() or None,
        "stamp": {"stamp": record.noted, "at": moment(stamp.at), "signature": _worth_of(record, stamp)}
        if stamp
        else None,
    }


def envelope(written: str) -> Mapping[str, Any] | None:
    """Read an envelope as JSON; None where it is none."""
    try:
        found = json.loads(written)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "payload" in found else None


def _worth_of(record: Record, stamp: Stamp) -> str:
    return str(Worth.UNKNOWN if not record.key else Worth.GOOD if stamp.ours else Worth.BAD)
