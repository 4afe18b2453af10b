"""What an attacker pushes: texts and commits that no honest tool makes."""

from pathlib import Path
from typing import Any

import yaml

from tests.fakes.bare import Bare
from tests.written import repository_file

EXEC = yaml.safe_dump(
    {
        "apiVersion": "example.com/v1",
        "kind": "Evil",
        "metadata": {
            "name": "evil",
            "annotations": {"config.kubernetes.io/function": "exec:\n  path: /bin/cat\n"},
        },
    }
)
"""A generator that kustomize would run as a program."""

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12)
)
"""A few hundred bytes that expand to a trillion values."""

LFS_POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d7a2146' * 8}\nsize 12345\n"


def kustomization(**fields: Any) -> str:
    """Write a kustomization.yaml."""
    return yaml.safe_dump({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", **fields})


def tree_with(bare: Bare, name: str) -> str:
    """Commit a folder `deploy` with an entry that git's own tools would not make, such as `..`."""
    blob = bare.git("hash-object", "-w", "--stdin", stdin=b"evil")
    deploy = bare.git("mktree", stdin=f"100644 blob {blob}\t{name}\n".encode())
    return _commit(bare, f"040000 tree {deploy}\tdeploy\n")


def submodule(bare: Bare, url: str) -> str:
    """Commit a folder `deploy` that is a submodule with a URL of the attacker's."""
    modules = f'[submodule "deploy"]\n\tpath = deploy/x\n\turl = {url}\n'
    blob = bare.git("hash-object", "-w", "--stdin", stdin=modules.encode())
    deploy = bare.git("mktree", "--missing", stdin=f"160000 commit {'1' * 40}\tx\n".encode())
    return _commit(bare, f"100644 blob {blob}\t.gitmodules\n040000 tree {deploy}\tdeploy\n")


def _commit(bare: Bare, entries: str) -> str:
    file = bare.git("hash-object", "-w", "--stdin", stdin=repository_file().encode())
    root = bare.git("mktree", stdin=f"100644 blob {file}\t.pushboat.yaml\n{entries}".encode())
    parent = bare.resolve("refs/heads/main")
    return bare.git("commit-tree", root, "-p", parent, "-m", "Change")


def operators_file(kubeconfig: Path, environments: dict[str, Any]) -> str:
    """Write an operator's file whose clone_url is an option for git."""
    forge = {
        "kind": "github",
        "clone_url": "--upload-pack=touch /tmp/pushboat-was-here;{repository}",
        "webhook_secrets": [{"env": "GITHUB_WEBHOOK_SECRET"}],
        "token": {"env": "GITHUB_TOKEN"},
    }
    return yaml.safe_dump(
        {
            "forges": {"github": forge},
            "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
            "projects": [{"repository": "github/acme/shop", "environments": environments}],
        }
    )
