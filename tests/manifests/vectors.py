"""What kubectl sends of every case, kept beside the case: `python -m tests.manifests.vectors` writes it anew."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.manifests.asking_kubectl import Answer, ask
from tests.manifests.cases import anchors, files, flow, keys_and_tags, scalars
from tests.manifests.cases.words import Cases

FILE = Path(__file__).parent / "data" / "kubectl-1.32.json"


def cases() -> Cases:
    """Give all cases."""
    return {**scalars.cases(), **keys_and_tags.cases(), **anchors.cases(), **flow.cases(), **files.cases()}


def kept() -> dict[str, tuple[str | bytes, Answer]]:
    """Read the cases with kubectl's answers."""
    found = json.loads(FILE.read_text())
    return {name: (_content(one), Answer(one["sent"], one.get("refused", ""))) for name, one in found.items()}


def _content(one: dict[str, Any]) -> str | bytes:
    return str(one["text"]) if "text" in one else base64.b64decode(one["bytes"])


def _one(content: str | bytes, answer: Answer) -> dict[str, Any]:
    written = {"text": content} if isinstance(content, str) else {"bytes": base64.b64encode(content).decode()}
    return {**written, "sent": answer.sent} | ({"refused": answer.refused} if answer.refused else {})


def _write() -> None:
    asked = cases()
    answers = ask(asked)
    lines = (f"{json.dumps(name)}: {json.dumps(_one(asked[name], answers[name]))}" for name in asked)
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    _write()
