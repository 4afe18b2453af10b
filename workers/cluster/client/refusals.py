"""Turn the API server's answers into our errors: who must act, and what is missing, in one sentence."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, PushboatError

NOT_FOUND, CONFLICT = 404, 409
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


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason of a refusal: the server's word for it, the field, and its sentence."""

    reason: str
    field: str
    message: str


class ApiRefused(ApplyRejected):
    """The API server understood a request and refused it; `reason` and `causes` are its own words."""

    def __init__(self, summary: str, *, code: int, reason: str = "", causes: tuple[Cause, ...] = ()) -> None:
        super().__init__(summary)
        self.code = code
        self.reason = reason
        self.causes = causes


def translate(code: int, body: bytes, retry_after: str, cluster: str) -> PushboatError:
    """Make the error for an answer outside 2xx."""
    status = _status(body)
    message = str(status.get("message") or "") or f"the API server answered {code}"
    if fields := unknown_fields(message):
        named = ", ".join(f"unknown field {field}" for field in fields)
        return ApiRefused(named, code=code, reason="UnknownField")
    if code == 500 and (unfit := _UNFIT.search(message)):
        return ApiRefused(" ".join(unfit["words"].split()), code=code, reason="Unfit")
    if code == 401:
        return ClusterUnavailable(
            f"cluster {cluster} does not accept Pushboat's credentials: its operator must renew the kubeconfig or token"
        )
    if code == 429 or code >= 500:
        return ClusterUnavailable(f"cluster {cluster}: {message}", retry_after=_seconds(retry_after))
    details = status.get("details") or {}
    causes = tuple(
        Cause(str(each.get("reason", "")), str(each.get("field", "")), str(each.get("message", "")))
        for each in details.get("causes") or ()
    )
    if code == 403 and (denied := _RBAC.search(message)):  # a quota or an admission policy judges what the commit asks
        return ClusterRefused(_not_granted(denied, cluster))
    return ApiRefused(_sentence(message, causes), code=code, reason=str(status.get("reason", "")), causes=causes)


def unknown_fields(message: str) -> list[str]:
    """Find the fields that a strict validation did not know: the apply's 500 and the decoder's 400 word them apart."""
    fields = [field.lstrip(".") for field in _UNDECLARED.findall(message)] + _STRICT.findall(message)
    return list(dict.fromkeys(fields))


def _not_granted(denied: re.Match[str], cluster: str) -> str:
    resource = denied["path"] or ".".join(part for part in (denied["resource"], denied["group"]) if part)
    where = f" in namespace {denied['namespace']}" if denied["namespace"] else ""
    return (
        f"{denied['user']} may not {denied['verb']} {resource}{where}: "
        f"the administrator of cluster {cluster} must grant it (RBAC)"
    )


def _sentence(message: str, causes: tuple[Cause, ...]) -> str:
    if causes and all(cause.field and cause.reason != "FieldManagerConflict" for cause in causes):
        return "; ".join(f"{cause.field}: {cause.message}" for cause in causes)
    return message


def _status(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        return {"message": body[:200].decode(errors="replace").strip()}
    return data if isinstance(data, dict) else {}


def _seconds(text: str) -> float | None:
    return float(text) if text.isdigit() else None
