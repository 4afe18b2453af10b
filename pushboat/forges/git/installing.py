"""Puts our post-receive hook into a bare repository; the secret goes beside it into a file of its own."""

import ast
import os
from pathlib import Path
from urllib.parse import urlsplit

from pushboat.errors import ForgeRefused
from pushboat.forges.git import post_receive

MARK = "# pushboat-post-receive"
_SETTINGS = "SETTINGS: dict[str, Any] = "
_BLANK = f"{_SETTINGS}{{}}\n"
_WAIT = 900.0


def install(
    repository: Path,
    *,
    url: str,
    forge: str,
    name: str,
    secret: str = "",
    secret_file: Path | None = None,
    wait: float = _WAIT,
) -> Path:
    """Write or renew the hook and give its path.

    Args:
        repository: the bare repository's folder.
        url: Pushboat's address as the git server reaches it.
        forge: the forge's name in pushboat.yaml.
        name: the repository's path on that forge.
        secret: the webhook secret, kept in a file of the repository that only its owner reads.
        secret_file: where the secret stands already, instead.
        wait: seconds that a push watches its deployments at most.

    Raises:
        ForgeRefused: not a bare repository, or a hook that is not ours stands there.
    """
    hook = repository / "hooks" / "post-receive"
    if not (repository / "HEAD").is_file() or not (repository / "objects").is_dir():
        raise ForgeRefused(f"{repository} is not a bare git repository; create it with `git init --bare {repository}`")
    if hook.exists() and not is_ours(hook):
        raise ForgeRefused(f"{hook} exists and is not ours; move what it does elsewhere, remove it and try again")
    if urlsplit(url).scheme not in ("http", "https"):
        raise ForgeRefused(f"{url!r} is not the address of a Pushboat; it begins with http:// or https://")
    if secret_file is None:
        secret_file = repository / "pushboat-secret"
        _write(secret_file, secret, 0o600)
    settings = {
        "url": url.rstrip("/"),
        "forge": forge,
        "repository": name,
        "secret_file": str(secret_file.absolute()),
        "wait": wait,
    }
    source = Path(post_receive.__file__).read_text(encoding="utf-8")
    assert source.count(_BLANK) == 1
    hook.parent.mkdir(exist_ok=True)
    _write(hook, source.replace(_BLANK, f"SETTINGS: dict[str, Any] = {settings!r}\n"), 0o755)
    return hook


def is_ours(hook: Path) -> bool:
    """Say whether a hook was written by us."""
    return MARK in hook.read_text(encoding="utf-8", errors="replace")[:1000]


def secret_file(hook: Path) -> Path | None:
    """Read from our hook where its secret is; None where it is not ours, or was edited by hand."""
    if not hook.is_file() or not is_ours(hook):
        return None
    written = [line for line in hook.read_text(encoding="utf-8").splitlines() if line.startswith(_SETTINGS)]
    try:
        return Path(ast.literal_eval(written[0].removeprefix(_SETTINGS))["secret_file"])
    except (IndexError, KeyError, SyntaxError, TypeError, ValueError):
        return None


def _write(path: Path, text: str, mode: int) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(descriptor, mode)
        # Installed by root for the git server's account: that account must be able to read it. By the open file, not
        # by its name: whoever owns the folder could put a link to another file in its place.
        owner = path.parent.stat()
        if os.geteuid() == 0:
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
    new.replace(path)
