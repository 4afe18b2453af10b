"""What the dispatcher hints at is a task that workers have, so that no hint is lost on the way."""

import ast
from pathlib import Path
from typing import Any

from celery import Celery

from workers import dispatching, tasks


def test_every_hint_has_a_task() -> None:
    """Each name that the dispatcher publishes is registered, and every task is published by somebody."""
    app, nothing = Celery(), None
    tools: Any = nothing
    tasks.register(app, lambda: tools)
    known = {name for name in app.tasks if name.startswith("pushboat.")}
    assert dispatching.__file__
    nodes = ast.walk(ast.parse(Path(dispatching.__file__).read_text()))
    said = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {each for each in said if each.startswith("pushboat.")} == known
