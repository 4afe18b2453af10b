"""Turn the API server's answers into our errors: who must act (blame.py has the table), and what is missing.

An error says first what to do, then the object, then the field, and the server's own words last and short: what it
prints of an object (2,000 characters of a Job's template) helps nobody and would push the advice out of the status.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, PushboatError
from pushboat.pauses import read_pause
from workers.cluster.client.blame import CANNOT_CHANGE, Row, Who, blame
from workers.cluster.client.quotas import counted

NOT_FOUND, CONFLICT, GONE, UNAUTHORIZED, INVALID = 404, 409, 410, 401, 422
LONGEST_WORDS = 300
"""Characters of a server's sentence; what comes after is a dump."""
_LONGEST_VALUE = 60
_RBAC = re.compile(
    r'User "(?P<user>[^"]*)" cannot (?P<verb>\w+) (?:path "(?P<path>[^"]*)"|resource "(?P<resource>[^"]*)"'
    r' in API group "(?P<group>[^"]*)"(?: in the namespace "(?P<namespace>[^"]*)")?)'
)
_UNDECLARED = re.compile(r"(\.[^\s:,]+): field not declared in schema")
_UNFIT = re.compile(
    r"failed to (?:create typed patch object|convert new object) \([^)]*\)(?: to proper version)?: "
    r"(?:unable to convert unstructured object to [^:]*: )?(?P<words>.*)",
    re.DOTALL,
)
"""Server-side apply answers 500 to what does not fit the schema; it is the manifest's fault all the same."""
_STRICT = re.compile(r'unknown field "([^"]+)"')
_DUMP = re.compile(r"Invalid value: (?P<value>.*[}\]\"]): (?P<why>[^{}]+)$", re.DOTALL)
_PLAIN_NOT_FOUND = b"404 page not found"
"""What the API server says, in plain text, of a group that it does not serve."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason of a refusal: the server's word for it, the field, and its sentence."""

    reason: str
    field: str
    message: str


class Answered(PushboatError):
    """The API server's own answer outside 2xx; `code`, `reason` and `causes` are its words, `advice` is ours.

    `whole` is the sentence before it was shortened: who takes a secret out of it must do that first. `by_webhook` says
    that an admission webhook denied it.
    """

    def __init__(
        self,
        whole: str,
        *,
        code: int,
        reason: str = "",
        causes: tuple[Cause, ...] = (),
        advice: str = "",
        by_webhook: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(shortened(whole), **rest)
        self.whole = whole
        self.code = code
        self.reason = reason
        self.causes = causes
        self.advice = advice
        self.by_webhook = by_webhook


class ApiRefused(Answered, ApplyRejected):
    """It understood what the commit asks for, and refused that."""


class ApiForbidden(Answered, ClusterRefused):
    """It, or the way to it, is set up so that this cannot be done."""


class ApiAway(Answered, ClusterUnavailable):
    """It cannot do this now."""


_ERRORS = {Who.COMMIT: ApiRefused, Who.OPERATOR: ApiForbidden, Who.WORLD: ApiAway}


def translate(verb: str, code: int, body: bytes, retry_after: str, cluster: str) -> PushboatError:
    """Make the error for an answer outside 2xx."""
    status = _status(code, body)
    if status is None:
        return from_a_proxy(verb, code, cluster, retry_after)
    message = str(status.get("message") or "") or f"the API server answered {code}"
    row = blame(verb, code, message)
    causes = _causes(status)
    words, reason = _words(message, causes), str(status.get("reason", ""))
    rest: dict[str, Any] = {"by_webhook": message.startswith("admission webhook ")}
    if row.who is Who.WORLD:
        rest["retry_after"] = read_pause(retry_after)
    if row.who is not Who.COMMIT:
        words = _of_the_cluster(code, message, words, row, cluster)
    return _ERRORS[row.who](words, code=code, reason=reason, causes=causes, advice=row.advice, **rest)


def from_a_proxy(verb: str, code: int, cluster: str, retry_after: str = "") -> ClusterRefused | ClusterUnavailable:
    """Make the error for an answer that no API server gives, whatever its code says."""
    words = f"cluster {cluster}: what answered {code} is no API server: "
    if blame(verb, code, "", of_a_proxy=True).who is Who.WORLD:
        return ClusterUnavailable(f"{words}a proxy does not reach it", retry_after=read_pause(retry_after))
    return ClusterRefused(f"{words}its operator must correct the kubeconfig's server or the proxy before it")


def unknown_fields(message: str) -> list[str]:
    """Find the fields that a strict validation did not know: the apply's 500 and the decoder's 400 word them apart."""
    fields = [field.lstrip(".") for field in _UNDECLARED.findall(message)] + _STRICT.findall(message)
    return list(dict.fromkeys(fields))


def fixed_fields(refused: Answered) -> tuple[str, ...]:
    """Name the fields of which a refusal says that they cannot change; none where it is about anything else."""
    if refused.code != INVALID:
        return ()
    return tuple(cause.field for cause in refused.causes if re.search(CANNOT_CHANGE, cause.message))


def shortened(text: str, longest: int = LONGEST_WORDS) -> str:
    """Cut a server's sentence where it becomes a dump, with its quotes closed."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1].rstrip()
    return cut + "…" + '"' * (cut.count('"') % 2)


def _of_the_cluster(code: int, message: str, words: str, row: Row, cluster: str) -> str:
    """Say what is not the commit's to change: what must be done first, then the cluster and its words."""
    if code == UNAUTHORIZED:
        return (
            f"cluster {cluster} does not accept Pushboat's credentials: its operator must renew the kubeconfig or token"
        )
    if row.who is Who.OPERATOR and (denied := _RBAC.search(message)):
        return _not_granted(denied, cluster)
    advice = row.advice.format(cluster=cluster, kind="", field="", recreate="")
    return f"{advice} — cluster {cluster}: {words}" if advice else f"cluster {cluster}: {words}"


def _not_granted(denied: re.Match[str], cluster: str) -> str:
    resource = denied["path"] or ".".join(part for part in (denied["resource"], denied["group"]) if part)
    where = f" in namespace {denied['namespace']}" if denied["namespace"] else ""
    return (
        f"{denied['user']} may not {denied['verb']} {resource}{where}: "
        f"the administrator of cluster {cluster} must grant it (RBAC)"
    )


def _words(message: str, causes: tuple[Cause, ...]) -> str:
    if fields := unknown_fields(message):
        return ", ".join(f"unknown field {field}" for field in fields)
    if used_up := counted(message):
        return used_up
    if unfit := _UNFIT.search(message):
        return " ".join(unfit["words"].split())
    if causes and all(cause.field and cause.reason != "FieldManagerConflict" for cause in causes):
        return "; ".join(f"{cause.field}: {_without_dump(cause.message)}" for cause in causes)
    return _without_dump(message)


def _without_dump(sentence: str) -> str:
    found = _DUMP.search(sentence)
    if found is None or len(found["value"]) <= _LONGEST_VALUE:
        return sentence
    return sentence[: found.start()] + found["why"]


def _causes(status: Mapping[str, Any]) -> tuple[Cause, ...]:
    details = status.get("details") or {}
    return tuple(
        Cause(str(each.get("reason", "")), str(each.get("field", "")), str(each.get("message", "")))
        for each in details.get("causes") or ()
    )


def _status(code: int, body: bytes) -> Mapping[str, Any] | None:
    """Read what the API server says of itself; None where something else speaks."""
    try:
        data = json.loads(body)
    except ValueError:
        is_its_own = code == NOT_FOUND and body.strip() == _PLAIN_NOT_FOUND
        return {"message": "404 page not found"} if is_its_own else None
    return data if isinstance(data, dict) and data.get("kind") == "Status" else None
