"""git's smart HTTP as the forges serve it: behind Basic authentication."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from flask import Flask, Response, request

from tests.fakes import git_http
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
    """Let git answer the request of this moment for a path below `root`."""
    name, _, rest = path.strip("/").partition(".git/")
    asked = git_http.Asked(
        method=request.method,
        rest=rest,
        service=request.args.get("service", ""),
        body=request.get_data(),
        encoding=request.headers.get("Content-Encoding", ""),
        protocol=request.headers.get("Git-Protocol", ""),
    )
    said = git_http.answer(root / f"{name}.git", asked, {**ENVIRONMENT, **more})
    return Response(said.content, said.status, said.headers)
