"""An image that cannot be pulled is said once, not once for every program that passed the message on."""

import pytest

from workers.cluster.health.images import innermost
from workers.cluster.health.pods import trouble, worst

WEB = "registry.example/shop/web:does-not-exist"
UNPACK = f'failed to pull and unpack image "{WEB}": '
RESOLVE = f'failed to resolve reference "{WEB}": '
CONTAINERD = f"{UNPACK}{RESOLVE}{WEB}: not found"
BACK_OFF = f'Back-off pulling image "{WEB}": ErrImagePull: rpc error: code = NotFound desc = {CONTAINERD}'
REQUEST = 'Head "https://registry.example/v2/shop/web/manifests/does-not-exist": dial tcp: no such host'


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        (BACK_OFF, f"{WEB}: not found"),
        (f"rpc error: code = NotFound desc = {CONTAINERD}", f"{WEB}: not found"),
        (
            f'Back-off pulling image "{WEB}": ErrImagePull: failed to resolve image: {WEB}: not found',
            f"{WEB}: not found",
        ),
        (f"rpc error: code = Unknown desc = {UNPACK}{RESOLVE}failed to do request: {REQUEST}", f"{WEB}: {REQUEST}"),
        (
            f"rpc error: code = Unknown desc = {UNPACK}{RESOLVE}pull access denied, repository does not exist",
            f"{WEB}: pull access denied, repository does not exist",
        ),
        (
            "rpc error: code = Unknown desc = Error response from daemon: manifest for web:1 not found: unknown",
            "manifest for web:1 not found: unknown",
        ),
        (
            "rpc error: code = Unknown desc = reading manifest 1 in registry.example/web: manifest unknown",
            "reading manifest 1 in registry.example/web: manifest unknown",
        ),
        (f'Back-off pulling image "{WEB}"', f'Back-off pulling image "{WEB}"'),
        ("no basic auth credentials", "no basic auth credentials"),
        ("", ""),
    ],
)
def test_the_cause_alone_is_said(message: str, cause: str) -> None:
    """I read which image and why, in words of the registry; what no rule knows I read as it came."""
    assert innermost(message) == cause


def test_the_whole_message_stays_for_the_details() -> None:
    """The status is short, and whoever digs deeper finds every word of the kubelet."""
    waiting = {"reason": "ImagePullBackOff", "message": BACK_OFF}
    pod = {
        "metadata": {"name": "web-1"},
        "status": {"containerStatuses": [{"name": "web", "state": {"waiting": waiting}}]},
    }
    judgement, found = worst([pod]), trouble(pod)
    assert judgement is not None
    assert judgement.reason == f"pod web-1, container web: ImagePullBackOff: {WEB}: not found"
    assert found is not None
    assert found.whole == f"ImagePullBackOff: {BACK_OFF}"
