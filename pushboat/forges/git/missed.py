"""Pushes that the hook of a bare repository has written down and could not bring to Pushboat yet."""

import json
import shlex
from pathlib import Path


def kept(repository: Path) -> list[str]:
    """List which ref each of them moved, oldest first; empty where a file does not say."""
    return [_ref(file) for file in sorted((repository / "pushboat-missed").glob("*.json"))]


def sending(repository: Path) -> str:
    """Write the command that brings them now."""
    return f"{shlex.quote(str(repository / 'hooks' / 'post-receive'))} --catch-up"


def _ref(file: Path) -> str:
    try:
        return str(json.loads(file.read_bytes())["ref"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
