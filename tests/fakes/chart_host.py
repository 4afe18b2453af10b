"""A host of charts, both ways: a registry with tokens (distribution specification), and a repository with an index."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
import time
from typing import Any

from flask import Response, redirect, request

from tests.fakes.door import Door
from tests.fakes.routes import Routes

ARCHIVE = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
CONFIG = "application/vnd.cncf.helm.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def archive(name: str, version: str, templates: dict[str, str] | None = None) -> bytes:
    """Pack a chart as `helm package` does: a folder of its name."""
    files = {"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\n", "values.yaml": "{}\n"}
    files |= {f"templates/{file}": text for file, text in (templates or {}).items()}
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for file, text in files.items():
            entry = tarfile.TarInfo(f"{name}/{file}")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return packed.getvalue()


class ChartHost(Door):
    """`login` (user, password) closes it to everybody else; `elsewhere` is where blobs are redirected to."""

    def __init__(self, login: tuple[str, str] | None = None) -> None:
        self.login = login
        self.elsewhere = ""
        self.files: dict[str, bytes] = {}
        self._blobs: dict[str, bytes] = {}
        self._tags: dict[tuple[str, str], bytes] = {}
        self._charts: dict[str, list[dict[str, Any]]] = {}
        app = Routes("charts")
        app.add_url_rule("/token", view_func=self._token)
        app.add_url_rule("/v2/", view_func=lambda: self._guarded(lambda: Response("{}")), endpoint="base")
        app.add_url_rule("/v2/<path:repository>/tags/list", view_func=self._list)
        app.add_url_rule("/v2/<path:repository>/manifests/<reference>", view_func=self._manifest)
        app.add_url_rule("/v2/<path:repository>/blobs/<digest>", view_func=self._blob)
        app.add_url_rule("/stable/index.yaml", view_func=self._index)
        app.add_url_rule("/<path:file>", view_func=self._file)
        super().__init__(app.wsgi_app)

    @property
    def registry(self) -> str:
        """The address of the registry."""
        return self.url.replace("http://", "oci://")

    def push(self, repository: str, name: str, version: str, content: bytes) -> str:
        """Put a chart into the registry and give its archive's digest."""
        config = json.dumps({"name": name, "version": version, "apiVersion": "v2"}).encode()
        layers = [{"mediaType": ARCHIVE, "digest": self._put(content), "size": len(content)}]
        made = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": self._put(config), "size": len(config)},
            "layers": layers,
        }
        manifest = json.dumps(made).encode()
        self._put(manifest)
        self._tags[f"{repository}/{name}", version.replace("+", "_")] = manifest
        return str(layers[0]["digest"])

    def publish(self, name: str, version: str, content: bytes, url: str = "") -> str:
        """Put a chart into the repository `/stable` and give its archive's digest."""
        file = f"{name}-{version}.tgz"
        self.files[f"stable/{file}"] = content
        digest = hashlib.sha256(content).hexdigest()
        entry = {"apiVersion": "v2", "name": name, "version": version, "urls": [url or file], "digest": digest}
        self._charts.setdefault(name, []).append(entry)
        return f"sha256:{digest}"

    def _put(self, content: bytes) -> str:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self._blobs[digest] = content
        return digest

    def _known(self) -> bool:
        if self.login is None:
            return True
        said = request.headers.get("Authorization", "")
        return said in (f"Basic {base64.b64encode(':'.join(self.login).encode()).decode()}", "Bearer let-me-in")

    def _guarded(self, answer: Any) -> Response:
        if self._known():
            return Response(answer()) if not isinstance(answer(), Response) else answer()
        scope = request.path.removeprefix("/v2/").rpartition("/")[0].rpartition("/")[0]
        realm = f'Bearer realm="{self.url}/token",service="charts",scope="repository:{scope}:pull"'
        return Response(status=401, headers={"WWW-Authenticate": realm})

    def _token(self) -> Any:
        if self.login and not self._known():
            return {"errors": [{"code": "UNAUTHORIZED"}]}, 401
        return {"token": "let-me-in", "expires_in": 300, "issued_at": time.time()}

    def _list(self, repository: str) -> Response:
        tags = [tag for known, tag in self._tags if known == repository]
        return self._guarded(lambda: Response(json.dumps({"name": repository, "tags": tags})))

    def _manifest(self, repository: str, reference: str) -> Response:
        found = self._tags.get((repository, reference)) or self._blobs.get(reference)
        if found is None:
            return self._guarded(lambda: Response(status=404))
        digest = f"sha256:{hashlib.sha256(found).hexdigest()}"
        headers = {"Content-Type": MANIFEST, "Docker-Content-Digest": digest}
        return self._guarded(lambda: Response(found, headers=headers))

    def _blob(self, repository: str, digest: str) -> Any:
        if self.elsewhere and self._known():
            return redirect(f"{self.elsewhere}/{digest}")
        found = self._blobs.get(digest)
        return self._guarded(lambda: Response(found) if found is not None else Response(status=404))

    def _index(self) -> Any:
        if not self._known():
            return Response(status=401)
        return Response(json.dumps({"apiVersion": "v1", "entries": self._charts}))

    def _file(self, file: str) -> Any:
        if not self._known():
            return Response(status=401)
        found = self.files.get(file)
        return Response(found) if found is not None else Response(status=404)
