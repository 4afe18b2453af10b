"""Which files are encrypted with SOPS, and how they are written: their content says so, whatever they are called."""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from pushboat.errors import DeploymentFailed
from workers.manifests.decoding import decode
from workers.manifests.yaml_composing import without_marks
from workers.sops import lines, structured
from workers.sops.words import SIGN, Encrypted, Form

_DOTENV = re.compile(r"^sops_mac=", re.MULTILINE)
_INI = re.compile(r"^\[sops\][ \t]*\r?$", re.MULTILINE)


def read(raw: bytes, file: str) -> Encrypted | None:
    """Take a file apart that was encrypted with SOPS; None for any other.

    Raises:
        DecryptionFailed: it is one of those, and holds what SOPS never writes.
    """
    if SIGN not in raw:
        return None
    try:
        text = without_marks(decode(raw, file))
    except DeploymentFailed:
        return None
    if _DOTENV.search(text):
        return lines.read_dotenv(text, file)
    if _INI.search(text):
        return lines.read_ini(text, file)
    form = Form.JSON if text.lstrip().startswith("{") else Form.YAML
    try:
        found = structured.read(text, file, form)
    except DeploymentFailed:
        if structured.BLOCK in text and _says_so(text):
            raise
        return None
    if found is not None and structured.is_binary(found) and PurePosixPath(file).suffix.lower() != ".json":
        return replace(found, form=Form.BINARY)
    return found


def _says_so(text: str) -> bool:
    """Say whether a text that cannot be read speaks of SOPS as an encrypted file does."""
    return re.search(rf"^[\"' {{]*{structured.BLOCK}[\"']?\s*:", text, re.MULTILINE) is not None
