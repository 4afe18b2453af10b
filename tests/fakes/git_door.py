"""git's smart HTTP as the forges serve it: `git http-backend` behind Basic authentication."""

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from flask import Flask, Response, request

from tests.fakes.bare import ENVIRONMENT


def open_git(
    app: Flask,
    root: Path,
    may_read: Callable[[str, str], bool],
    spelled: Callable[[str], str],
    redirected: Callable[[str], str],
    writing: Callable[[str, str], AbstractContextManager[bool]],
) -> None:
    """Serve the bare repositories below `root` to those whose password may read them, by their names in any letters.

    `writing` says whether a password may push, and hears of what was pushed meanwhile.
    """

    @app.route("/<path:repository>.git/<path:rest>", methods=["GET", "POST"])
    def git(repository: str, rest: str) -> Response:
        if request.authorization is None or request.authorization.type != "basic":
            return Response("authenticate", 401, {"WWW-Authenticate": 'Basic realm="fake"'})
        repository = spelled(repository)
        if place := redirected(repository):
            query = f"?{request.query_string.decode()}" if request.query_string else ""
            return Response("moved", 301, {"Location": f"{request.host_url}{place}.git/{rest}{query}"})
        if not may_read(repository, request.authorization.password or ""):
            return Response("not found", 404)
        pushes = "git-receive-pack" in (rest, request.args.get("service"))
        with writing(repository, request.authorization.password or "") if pushes else nullcontext(True) as may:
            if not may:
                return Response(f"Permission to {repository}.git denied to pushboat-bot.", 403, mimetype="text/plain")
            return answer(root, f"/{repository}.git/{rest}", {"REMOTE_USER": "pushboat-bot"} if pushes else {})


def answer(root: Path, path: str, more: dict[str, str]) -> Response:
    """Let `git http-backend` answer the request of this moment for a path below `root`."""
    body = request.get_data()
    environment = {
        **ENVIRONMENT,
        **more,
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": path,
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query_string.decode(),
        "CONTENT_TYPE": request.content_type or "",
        "CONTENT_LENGTH": str(len(body)),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
    }
    done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = [line.partition(": ")[::2] for line in head.decode().split("\r\n")]
    status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
    return Response(content, status, [(name, value) for name, value in headers if name != "Status"])
