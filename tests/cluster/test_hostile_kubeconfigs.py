"""A kubeconfig that is wrong is said to be, with its path and without its secrets; it is never a fault of ours."""

from pathlib import Path

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused
from workers.cluster.client.kubeconfig import find_mistakes, read

SOUND = """
current-context: dev
contexts: [{name: dev, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443"}}]
users: [{name: u, user: {token: hunter2}}]
"""
WRONG = {
    "a date that is none": ("current-context: dev", "current-context: 2026-99-99", "no YAML"),
    "a number that is none": ("current-context: dev", 'current-context: !!int ""', "no YAML"),
    "a time that is none": ("current-context: dev", "current-context: !!timestamp soon", "no YAML"),
    "a truth that is none": ("current-context: dev", "current-context: !!bool perhaps", "no YAML"),
    "half of a character": ("token: hunter2", 'token: "\\ud800"', "no YAML"),
    "a circle": ("token: hunter2", "token: &a [*a]", "no YAML"),
    "a thousand levels": ("token: hunter2", f"token: {'[' * 2000}{']' * 2000}", "no YAML"),
    "a mapping for a name": ("current-context: dev", "current-context: {}", "no current context"),
    "a number for contexts": (
        "contexts: [{name: dev, context: {cluster: c, user: u}}]",
        "contexts: 5",
        "no context dev",
    ),
    "a mapping for a cluster": ("cluster: c,", "cluster: {},", "no current cluster"),
    "a mapping for a user": ("user: u}", "user: [u]}", "no current user"),
    "a path that is none": ("token: hunter2", 'tokenFile: "a\\0b"', "token is at no path"),
    "a key that is no base64": ("token: hunter2", "client-key-data: hunter2-\u00e9", "client-key-data is no base64"),
    "a program of old": (
        "token: hunter2",
        "auth-provider: {name: gcp, config: {cmd-path: /bin/hunter2}}",
        "auth-provider was given up by Kubernetes",
    ),
    "a token of two lines": ("token: hunter2", 'token: "hunter2\\nX-Evil: 1"', "a token has characters"),
    "a token of no characters": ("token: hunter2", 'token: "hunter2\u00e9"', "a token has characters"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kubeconfig_names_itself_and_no_secret(name: str, tmp_path: Path) -> None:
    """I mistype my kubeconfig: the answer says which file it is, and what is wrong there."""
    right, wrong, words = WRONG[name]
    assert right in SOUND
    path = tmp_path / "kubeconfig"
    path.write_text(SOUND.replace(right, wrong))
    with pytest.raises(ClusterRefused, match=words) as refused:
        read(ClusterAccess(name="dev", kubeconfig=path))
    assert str(path) in refused.value.summary
    assert "hunter2" not in refused.value.summary


def test_a_sound_one_is_read(tmp_path: Path) -> None:
    """So that what is wrong above is just that."""
    (tmp_path / "kubeconfig").write_text(SOUND)
    access = ClusterAccess(name="dev", kubeconfig=tmp_path / "kubeconfig")
    assert find_mistakes([access]) == []
    assert read(access).credentials.authorization == "Bearer hunter2"
