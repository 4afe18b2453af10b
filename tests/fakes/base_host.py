"""A host of bases: bare repositories that anybody may clone, or one login alone, and single files beside them."""

from pathlib import Path
from typing import Any

from flask import Response, request

from tests.fakes.bare import Bare
from tests.fakes.door import Door
from tests.fakes.git_door import answer
from tests.fakes.routes import Routes


class BaseHost(Door):
    """`login` (user, password) closes it to everybody else; `moved` sends git to another address."""

    def __init__(self, root: Path, login: tuple[str, str] | None = None) -> None:
        self.login = login
        self.moved = ""
        self.files: dict[str, bytes] = {}
        self._root = root
        app = Routes("bases")
        app.add_url_rule("/<path:repository>.git/<path:rest>", view_func=self._git, methods=["GET", "POST"])
        app.add_url_rule("/<path:file>", view_func=self._file)
        super().__init__(app.wsgi_app)

    def repository(self, name: str) -> Bare:
        """Make an empty repository."""
        return Bare.create(self._root / f"{name}.git")

    def _git(self, repository: str, rest: str) -> Any:
        said = request.authorization
        if self.login and (said is None or (said.username, said.password) != self.login):
            return Response("authenticate", 401, {"WWW-Authenticate": 'Basic realm="bases"'})
        if self.moved:
            query = request.query_string.decode()
            return Response("moved", 301, {"Location": f"{self.moved}/{repository}.git/{rest}?{query}"})
        return answer(self._root, f"/{repository}.git/{rest}", {})

    def _file(self, file: str) -> Any:
        found = self.files.get(file)
        return Response(found) if found is not None else Response(status=404)
