"""Every error of ours, on one screen. An error's class answers one question: who must act?

PushboatError
├── DeliveryRejected            the sender: an HTTP answer, nothing of the body stored
│   └── BadSignature · UnreadableDelivery · UnknownForge · DeliveryTooLarge · UnsupportedEncoding
├── CommandRefused              the asker: a comment in reply, no status
│   └── NotPermitted · UnknownEnvironment · NotYetSupported
├── DeploymentFailed            the revision's author: status failure, never retried
│   └── InvalidRepositoryFile · CheckoutFailed · DecryptionFailed · RenderFailed · InvalidManifest · ApplyRejected
│       · PruneFailed · Unhealthy · NotVerified · Denied
├── Unavailable                 the world: retried with back-off, then status error
│   └── ForgeUnavailable · ClusterUnavailable · MetricsUnavailable · RegistryUnavailable · KeeperUnavailable
│       · StoreUnavailable · BrokerUnavailable · MachineUnavailable
├── LeaseLost · Stopping        nobody: another worker has the lane, or this process is to end and the next goes on
├── GaveWay · Cancelled · Outrun nobody: a newer commit waits, somebody stops it, or it is decided upon anew
├── ForgeRefused                our operator: the forge will never accept this request (permission, unknown sha)
├── GateSilent · VerificationRefused  our operator: who is asked gave no clear answer, or is asked by nobody
├── ClusterRefused              our operator: the cluster, as it is set up, will not allow this (RBAC, a namespace)
├── StoreDamaged                our operator: the store's file is broken; restore it, or move it away
├── NotConfigured               our operator: the file does not name this any more, or the machine lacks what renders
└── ConfigurationError          our operator: refuse to start, naming file, line and column
"""

from dataclasses import dataclass

from pushboat.pauses import bounded_pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in a file: where it is (1-based line and column) and what to write instead."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Print as compilers do, so that editors can jump there."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class PushboatError(Exception):
    """Say what happened and who must do what in 140 characters; `details`: markdown, never a secret's value."""

    def __init__(self, summary: str, details: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.details = details


class DeliveryRejected(PushboatError):
    """Refuse a delivery; `http_status` is the answer's code."""

    http_status = 400


class BadSignature(DeliveryRejected):
    """The signature is missing, empty, or of another body or secret."""

    http_status = 401


class UnreadableDelivery(DeliveryRejected):
    """The verified body is not the JSON object that the forge sends for this event."""


class UnknownForge(DeliveryRejected):
    """The URL names a forge that the operator's file does not have."""

    http_status = 404


class DeliveryTooLarge(DeliveryRejected):
    """The body is above 25 MiB, the largest that a forge sends."""

    http_status = 413


class UnsupportedEncoding(DeliveryRejected):
    """The hook is set to form encoding; we read `application/json`."""

    http_status = 415


class CommandRefused(PushboatError):
    """Refuse a comment's command; the summary becomes the reply."""


class NotPermitted(CommandRefused):
    """The forge says that the asker lacks the permission this needs."""


class UnknownEnvironment(CommandRefused):
    """The command names an environment that this repository does not have."""


class NotYetSupported(CommandRefused):
    """The contract has this, this version does not; said plainly instead of being ignored."""


class DeploymentFailed(PushboatError):
    """The revision cannot be deployed as it is; only a new commit changes that."""


class InvalidRepositoryFile(DeploymentFailed):
    """The commit's `.pushboat.yaml` has mistakes; `named` are the environments that could still be read from it."""

    def __init__(self, mistakes: tuple[Mistake, ...], named: tuple[str, ...] = ()) -> None:
        super().__init__(*_all_at_once(mistakes))
        self.mistakes = mistakes
        self.named = named


class CheckoutFailed(DeploymentFailed):
    """The commit or its folder is not there, or holds what we do not check out."""


class DecryptionFailed(DeploymentFailed):
    """An encrypted file cannot be opened, was changed since, or would put a value where it can be seen."""


class RenderFailed(DeploymentFailed):
    """The renderer refused the folder."""


class InvalidManifest(DeploymentFailed):
    """A manifest cannot be read, breaks the schema of its kind, or asks for what the operator does not allow."""


class ApplyRejected(DeploymentFailed):
    """The API server refused an object."""


class PruneFailed(DeploymentFailed):
    """Objects that left the repository could not be deleted, or the guard refused to."""


class Unhealthy(DeploymentFailed):
    """Everything was applied, and something does not run; `logs`, its containers' words, are not for every place."""

    def __init__(self, summary: str, details: str = "", *, logs: str = "") -> None:
        super().__init__(summary, details)
        self.logs = logs


class Denied(DeploymentFailed):
    """Somebody who is asked whether this may be deployed says no, or the operator's policy does."""


class NotVerified(DeploymentFailed):
    """Everything is healthy, and what `verify` asks is not answered as it must be."""


class Unavailable(PushboatError):
    """Something outside does not answer; time may heal it. `retry_after`: seconds that it asks for, at most an hour."""

    def __init__(self, summary: str, details: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(summary, details)
        self.retry_after = None if retry_after is None else bounded_pause(retry_after)


class ForgeUnavailable(Unavailable):
    """The forge is down, slow, or asks us to wait."""


class ClusterUnavailable(Unavailable):
    """The API server is down, slow, or asks us to wait."""


class MetricsUnavailable(Unavailable):
    """What knows the numbers that `verify` asks for does not answer; that says nothing about the revision."""


class RegistryUnavailable(Unavailable):
    """What knows whether an image may run does not answer; that says nothing about the image."""


class KeeperUnavailable(Unavailable):
    """What keeps the key of an encrypted file does not answer; that says nothing about the file."""


class StoreUnavailable(Unavailable):
    """The SQL store cannot be written."""


class MachineUnavailable(Unavailable):
    """The machine that we run on has no room, no open files or no memory left; that says nothing about a revision."""


class BrokerUnavailable(Unavailable):
    """The broker does not answer."""


class ForgeRefused(PushboatError):
    """The forge will never accept this request as it is."""


class GateSilent(PushboatError):
    """Somebody who must say yes has said nothing clear for too long; that is never a yes."""


class VerificationRefused(PushboatError):
    """A host that the operator lists leads to an address that Pushboat asks for nobody."""


class ClusterRefused(PushboatError):
    """The cluster, as it is set up, will not allow this; no commit changes that, its operator does."""


class NotConfigured(PushboatError):
    """What was accepted has left the operator's file since, or this machine lacks what renders it."""


class StoreDamaged(PushboatError):
    """The store's file is not what Pushboat wrote; nothing is done with it until a person has decided."""


class LeaseLost(PushboatError):
    """Another worker has taken the lane; stop before the next write."""


class Stopping(PushboatError):
    """This process was told to end; the deployment goes on in the next one."""


class GaveWay(PushboatError):
    """A newer commit waits for this lane; stop waiting for health."""


class Cancelled(PushboatError):
    """Somebody cancelled this deployment; it stops here."""


class Outrun(PushboatError):
    """What was decided upon is no longer so; look again and decide anew."""


class ConfigurationError(PushboatError):
    """Refuse to start: every mistake of the operator's file at once."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(*_all_at_once(mistakes))
        self.mistakes = mistakes


def _all_at_once(mistakes: tuple[Mistake, ...]) -> tuple[str, str]:
    """Give the first mistake with the number of others as a summary, and all of them, a line each, as details."""
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    return f"{mistakes[0]}{more}", "\n".join(str(mistake) for mistake in mistakes)
