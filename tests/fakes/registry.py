"""A registry of images with what a real one has, and with the troubles that a real one cannot be told to have."""

import base64
import hashlib
import json
from typing import Any

from flask import Response, request

from tests.fakes.door import Door
from tests.fakes.routes import Routes

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def digest_of(content: bytes) -> str:
    """Name content by what it is."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class FakeRegistry(Door):
    """`login` closes it; `knows_referrers` is what old registries do not; `scans` is what Harbor says, by digest."""

    def __init__(self, login: tuple[str, str] | None = None, *, knows_referrers: bool = True) -> None:
        self.login = login
        self.knows_referrers = knows_referrers
        self.scans: dict[str, Any] = {}
        self.bent: dict[str, bytes] = {}
        self.says_digests = True
        self._blobs: dict[str, bytes] = {}
        self._manifests: dict[tuple[str, str], tuple[bytes, str]] = {}
        app = Routes("registry")
        app.add_url_rule("/token", view_func=self._token)
        app.add_url_rule("/v2/<path:path>/manifests/<named>", view_func=self._manifest)
        app.add_url_rule("/v2/<path:path>/blobs/<digest>", view_func=self._blob)
        app.add_url_rule("/v2/<path:path>/referrers/<digest>", view_func=self._referrers)
        app.add_url_rule(
            "/api/v2.0/projects/<project>/repositories/<path:name>/artifacts/<digest>", view_func=self._artifact
        )
        super().__init__(app.wsgi_app)

    @property
    def host(self) -> str:
        """Give its address as the names of its images begin."""
        return self.url.removeprefix("http://")

    def put_blob(self, path: str, content: bytes) -> str:
        """Keep a content and name it."""
        self._blobs[digest_of(content)] = content
        return digest_of(content)

    def put_manifest(self, path: str, named: str, made: dict[str, Any]) -> str:
        """Keep a manifest under a tag and its digest."""
        content = json.dumps(made).encode()
        digest = digest_of(content)
        for each in filter(None, (named, digest)):
            self._manifests[path, each] = content, made["mediaType"]
        return digest

    def _guarded(self, answer: Response) -> Response:
        said = request.headers.get("Authorization", "")
        if self.login is None or said == "Bearer let-me-in":
            return answer
        realm = f'Bearer realm="{self.url}/token",service="images",scope="repository:x:pull"'
        return Response(status=401, headers={"WWW-Authenticate": realm})

    def _token(self) -> Any:
        basic = base64.b64encode(":".join(self.login or ()).encode()).decode()
        if request.headers.get("Authorization", "") != f"Basic {basic}":
            return {"errors": [{"code": "UNAUTHORIZED"}]}, 401
        return {"token": "let-me-in"}

    def _manifest(self, path: str, named: str) -> Response:
        found = self._manifests.get((path, named))
        if found is None:
            return self._guarded(Response(status=404))
        content, media = found
        headers = {"Content-Type": media}
        if self.says_digests:
            headers["Docker-Content-Digest"] = digest_of(content)
        return self._guarded(Response(self.bent.get(named, content), headers=headers))

    def _blob(self, path: str, digest: str) -> Response:
        found = self.bent.get(digest, self._blobs.get(digest))
        return self._guarded(Response(found) if found is not None else Response(status=404))

    def _referrers(self, path: str, digest: str) -> Response:
        if not self.knows_referrers:
            return self._guarded(Response("<html>packages</html>"))
        found = []
        for (where, named), (content, media) in self._manifests.items():
            made = json.loads(content)
            if where == path and ":" in named and made.get("subject", {}).get("digest") == digest:
                described = {"mediaType": media, "digest": named, "size": len(content)}
                found.append({**described, "artifactType": made.get("artifactType", "")})
        return self._guarded(Response(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": found})))

    def _artifact(self, project: str, name: str, digest: str) -> Response:
        found = self.scans.get(digest)
        return Response(json.dumps(found)) if found is not None else Response(status=404)
