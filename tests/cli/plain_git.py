"""A plain git server on this machine and the web process that its hook reports to, for the doctor's tests."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import Finished
from tests.fakes.pushboat import FakePushboat

PLAIN_GIT = """\
public_url: {url}
listen: {address}
state: ./var
forges:
  local: {{kind: git, root: ./srv, webhook_secrets: [{{env: HOOK_SECRET}}]}}
clusters:
  dev: {{kubeconfig: ./kubeconfig}}
projects:
  - repository: local/shop
    environments:
      staging: {{cluster: dev, namespaces: [shop-staging]}}
"""


def lines(finished: Finished) -> dict[str, dict[str, str]]:
    """Give a doctor's JSON lines by what they checked."""
    return {line["check"]: line for line in json.loads(finished.stdout)}


def set_up(home: Path, url: str) -> Path:
    """Write an operator's file whose Pushboat is at `url`, and give its only repository."""
    (home / "pushboat.yaml").write_text(PLAIN_GIT.format(url=url, address=url.partition("://")[2]))
    repository = home / "srv" / "shop.git"
    subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True)
    return repository


@contextmanager
def pushboat_with(secret: str) -> Iterator[FakePushboat]:
    """Answer as a running Pushboat that was started with this secret."""
    with FakePushboat(secret=secret, ignored="ping: the webhook reaches Pushboat") as running:
        yield running


def write_secret(repository: Path, secret: str) -> None:
    """Put a secret where the hook reads it."""
    descriptor = os.open(repository / "pushboat-secret", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
