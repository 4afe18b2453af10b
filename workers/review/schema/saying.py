"""A fault as people read it: where to mend it, whose it is, and of what is no secret how."""

from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from workers.manifests.quoting import as_written
from workers.review.schema.words import Breach, Fault
from workers.review.words import Finding

RULES = {
    Breach.UNKNOWN: "unknown-field",
    Breach.SHAPE: "wrong-type",
    Breach.TWICE: "listed-twice",
    Breach.MISSING: "missing-field",
    Breach.NULL: "null",
    Breach.VALUE: "wrong-value",
}
"""What each breach is called where findings are told apart."""
_SECRET = ("", "Secret")
_TEXT_BESIDE = {("", "Secret", "data"): "stringData", ("", "ConfigMap", "binaryData"): "data"}
"""Of fields that take base64, the one beside it that takes text."""


def finding(manifest: Manifest, fault: Fault) -> Finding:
    """Say what is wrong; no word of a Secret is shown."""
    known = fault.quote and (manifest.ref.group, manifest.ref.kind) != _SECRET
    hint = as_written(manifest.word_at(fault.path), fault.value) if known else ""
    if fault.breach is Breach.UNKNOWN and fault.path:
        hint = _misread(manifest.key_at(fault.path), str(fault.path[-1]))
    beside = _TEXT_BESIDE.get((manifest.ref.group, manifest.ref.kind, str(fault.path[0]))) if fault.path else None
    if beside and fault.breach is Breach.VALUE:
        hint = f", or write it as text under {beside}"
    return Finding(
        rule=RULES[fault.breach],
        place=manifest.place_of(fault.path, by_name=fault.breach is Breach.UNKNOWN),
        sentence=f"{manifest.ref}: {fault.message}{hint}",
        ref=manifest.ref,
    )


def _misread(written: str, key: str) -> str:
    return f" (written {printable(written)}, without quotes)" if written and written != key else ""
