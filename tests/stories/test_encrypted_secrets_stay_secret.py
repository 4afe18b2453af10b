"""Secrets that are encrypted with SOPS are pushed as they are, and their values are nowhere but in the cluster."""

import base64
import os
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import yaml

from tests.cluster_view import ClusterView
from tests.fakes.github import FakeGitHub
from tests.serving import Served
from tests.sops.vectors import encrypted, key_file
from tests.stories.conftest import Shop, environ_of, operators_file, unused
from tests.written import config_map, deployment, repository_file

VALUES = (
    "yaml-Pa55word: #1", "yaml-t0ken",
    "stage-0nly-Pa55word!", "second-Pa55word", "stage-only-encoded", "c3RhZ2Ugb25seSB0aGluZw", "env-Pa55word",
    "json-Pa55word", "json-t0ken",
)  # fmt: skip
LONG = {"name": "long", "valid": "subject.size() > 1000", "message": "say more", "verdict": "warn"}
COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
KUSTOMIZATION = """
resources: [web.yaml, secret.yaml]
secretGenerator:
- {name: app, envs: [app.env], files: [app.json]}
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path) -> Iterator[tuple[FakeGitHub, Served]]:
    """A Pushboat whose staging has a key, and whose production has another one."""
    with FakeGitHub(tmp_path_factory.mktemp("github")) as forge:
        operator = operators_file(kubeconfig, {"github": forge}, shops={"github": 4})
        for project in operator["projects"]:
            for name in ("staging", "production"):
                environment = project["environments"][name]
                environment["decryption"] = {"age": [{"file": str(key_file(name))}]}
                environment["policy"] = {
                    "rules": {"plaintext-credential": "deny" if name == "staging" else "warn"},
                    "commits": [LONG] if name == "production" else [],
                }
        served = Served.start(tmp_path_factory.mktemp("pushboat"), operator, environ_of({"github": forge}))
        yield forge, served
        served.stop()


@pytest.fixture
def sealed_shop(opened: tuple[FakeGitHub, Served], cluster: ClusterView) -> Shop:
    """A repository that it deploys."""
    forge, served = opened
    name = unused(served, "github", forge.projects)
    forge.create_repository(name)
    forge.connect(name, f"{served.url}/webhooks/github")
    return Shop(forge=forge, forge_name="github", name=name, served=served, cluster=cluster)


def values_of(shop: Shop, name: str) -> dict[str, bytes]:
    """Read a Secret as it is in the cluster."""
    found = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/secrets/{name}")
    assert found, f"there is no Secret {name}"
    return {key: base64.b64decode(value) for key, value in found["data"].items()}


def spellings() -> list[bytes]:
    """Spell every value as it could be found anywhere."""
    plain = [value.encode() for value in VALUES]
    return [*plain, *(base64.b64encode(each).rstrip(b"=")[:-1] for each in plain)]


def leaks(shop: Shop) -> list[str]:
    """Look for the values in all that Pushboat keeps, says and shows."""
    served, forge = shop.served, shop.forge
    places = {str(path): path.read_bytes() for path in served.state.rglob("*") if path.is_file()}
    places.update(rows(served.state))
    places["log"] = served.log.read_bytes()
    places["what the forge was told"] = repr((forge.projects[shop.name], forge.requests)).encode()
    for row in served.deployments(shop.repository):
        for address in (f"/deployments/{row['id']}", f"/api/v1/deployments/{row['id']}"):
            places[address] = served.page(address).encode()
    places["/"], places["/deliveries"] = served.page("/").encode(), served.page("/deliveries").encode()
    return [f"{place}: {each!r}" for place, held in places.items() for each in spellings() if each in inflated(held)]


def rows(state: Path) -> dict[str, bytes]:
    """Read the store value by value: a large one lies in several pages of its file."""
    found: dict[str, bytes] = {}
    for file in state.rglob("*.sqlite*"):
        if file.suffix != ".sqlite3":
            continue
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
            for (table,) in store.execute("select name from sqlite_master where type = 'table'").fetchall():
                for number, row in enumerate(store.execute(f"select * from {table}")):
                    held = (each if isinstance(each, bytes) else str(each).encode() for each in row)
                    found[f"{table} {number}"] = b"\n".join(map(inflated, held))
    return found


def inflated(content: bytes) -> bytes:
    """Add to a content what is compressed in it."""
    found = [content]
    for begin in COMPRESSED.finditer(content):
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(content[begin.start() :], 1 << 20))
    return b"\n".join(found)


def ask(shop: Shop, *words: str) -> None:
    """Run a command about staging."""
    done = shop.served.command(*words, env={**os.environ, **environ_of({"github": shop.forge})})
    assert done.returncode == 0, done.stdout + done.stderr


def plan_of(shop: Shop, files: dict[str, str]) -> str:
    """Open a pull request, and read its plan's page."""
    shop.push(files, branch="change", parent=shop.forge.projects[shop.name].bare.resolve("refs/heads/main"))
    sha = shop.forge.open_pull_request(shop.name, "change").sha
    assert shop.status(sha, "success", context="pushboat/plan/staging") == "0 to create, 1 to change, 0 to delete"
    address = shop.forge.statuses(shop.name, sha, "pushboat/plan/staging")[-1][3]
    return shop.served.page(address.removeprefix(shop.served.url))


@pytest.mark.proves("encrypted-files")
def test_they_are_decrypted_changed_and_rolled_back(sealed_shop: Shop) -> None:
    """A manifest and a generator's files come into the cluster decrypted. A pull request that changes one shows that,
    and not to what. A rollback brings the earlier one back without any key. Nothing of it stands anywhere else."""
    shop = sealed_shop
    files = {
        "deploy/kustomization.yaml": KUSTOMIZATION,
        "deploy/web.yaml": deployment("web"),
        **{f"deploy/{name}": encrypted(name).decode() for name in ("secret.yaml", "app.env", "app.json")},
    }
    first = shop.push(files)
    assert shop.status(first, "success", within=120).startswith("3 objects: 3 created")
    assert values_of(shop, "db")["password"] == b"stage-0nly-Pa55word!"
    assert values_of(shop, "db")["encoded"] == b"stage-only-encoded"
    secrets = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/secrets")["items"]
    generated = next(each["metadata"]["name"] for each in secrets if each["metadata"]["name"].startswith("app-"))
    assert values_of(shop, generated)["DB_PASSWORD"] == b"env-Pa55word=with=signs"
    assert b"json-t0ken" in values_of(shop, generated)["app.json"]
    assert not leaks(shop)

    changed = {"deploy/secret.yaml": encrypted("changed.yaml").decode()}
    shown = plan_of(shop, changed)
    assert "data.password" in shown
    assert "data.url" in shown
    assert "data.umlaut" not in shown
    second = shop.push(changed)
    assert shop.status(second, "success", within=120).startswith("3 objects: 1 configured, 2 unchanged")
    assert values_of(shop, "db")["password"] == b"second-Pa55word"
    ask(shop, "rollback", shop.repository, "staging")
    assert values_of(shop, "db")["password"] == b"stage-0nly-Pa55word!"
    assert not leaks(shop)


TEMPLATE = """
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData:
  url: 'postgres://shop:{{ .Values.database.password | urlquery }}@db:{{ .Values.database.port }}'
data:
  token: {{ first .Values.tokens | b64enc }}
"""
RESTARTED = 'checksum/secret: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum | quote }}'


@pytest.mark.proves("encrypted-files")
def test_a_charts_values_are_encrypted_and_in_its_secrets_alone(sealed_shop: Shop, helm: Path) -> None:
    """My chart escapes, joins and encodes what I encrypted; its pods restart when a value changes. What shows a value,
    or follows from one, is refused with the template that does it."""
    shop = sealed_shop
    web = deployment("web").replace("annotations: {}", f"annotations: {{{RESTARTED}}}")
    helm_of = {"values": ["values-secret.yaml"]}
    first = shop.push(
        {
            ".pushboat.yaml": repository_file(path="chart", helm=helm_of),
            "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
            "chart/templates/secret.yaml": TEMPLATE,
            "chart/templates/web.yaml": web,
            "chart/values-secret.yaml": encrypted("app.yaml").decode(),
        }
    )
    assert shop.status(first, "success", within=120).startswith("2 objects: 2 created")
    found = values_of(shop, "db")
    assert found["url"] == b"postgres://shop:yaml-Pa55word%3A+%231@db:5432"
    assert found["token"] == b"yaml-t0ken"
    shown = config_map("shown", length="{{ first .Values.tokens | len }}")
    said = shop.status(shop.push({"chart/templates/shown.yaml": shown}), "failure", within=120)
    assert said.startswith(
        "chart/templates/shown.yaml:1: data.length of ConfigMap/shown follows from an encrypted value"
    )
    assert not leaks(shop)


def test_who_may_not_open_a_file_gets_a_sentence(sealed_shop: Shop) -> None:
    """Production's file, pushed for staging, opens nothing; neither does one that somebody changed, or a ConfigMap."""
    shop = sealed_shop
    files = {"deploy/a.yaml": config_map(), "deploy/secret.yaml": encrypted("production.yaml").decode()}
    said = shop.status(shop.push({".pushboat.yaml": repository_file(), **files}), "failure", within=120)
    assert re.match(r"deploy/secret\.yaml:\d+: this is encrypted for age1\w+…, and staging has age1", said)
    changed = encrypted("secret.yaml").decode().replace("name: db", "name: other")
    said = shop.status(shop.push({"deploy/secret.yaml": changed}), "failure", within=120)
    assert "this was changed after it was encrypted" in said
    said = shop.status(shop.push({"deploy/secret.yaml": encrypted("config-map.yaml").decode()}), "failure", within=120)
    assert "would stand in data.password of ConfigMap" in said
    assert not shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/configmaps/settings")
    assert not leaks(shop)


@pytest.mark.proves("credentials-in-clear")
def test_a_credential_in_a_changed_file_is_refused_or_said_once(sealed_shop: Shop) -> None:
    """Where it is denied, nobody is shown it and nothing is written; where it passes, only its own push says it."""
    shop, token = sealed_shop, "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    environments = {name: {"branch": "main", "path": "deploy"} for name in ("staging", "production")}
    pushed = shop.push(
        {
            ".pushboat.yaml": yaml.safe_dump({"environments": environments}),
            "deploy/a.yaml": config_map("a", login=token),
        }
    )
    said = shop.status(pushed, "failure", within=120)
    assert re.match(r"deploy/a\.yaml:3:10: this looks like a GitHub token \(40 characters\) in plain text: ", said)
    assert token not in shop.served.page(f"/deployments/{shop.ended(pushed)['id']}")
    assert not shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/configmaps/a")
    first = shop.ended(pushed, "production", within=120)
    assert first["state"] == "succeeded"
    page = shop.served.page(f"/deployments/{first['id']}")
    assert "warning: deploy/a.yaml:3:10: this looks like" in page
    assert "message: say more (long)" in page
    second = shop.ended(shop.push({"deploy/b.yaml": config_map("b")}), "production", within=120)
    assert second["state"] == "succeeded"
    assert "this looks like" not in shop.served.page(f"/deployments/{second['id']}")
    shop.ended(shop.push({"deploy/a.yaml": None}), "production", within=120)  # type: ignore[dict-item]
    again = shop.ended(shop.push({"deploy/a.yaml": config_map("a", login=token)}), "production", within=120)
    told = shop.served.page(f"/deployments/{again['id']}")
    assert "this looks like" in told, "what was rendered before is looked through all the same"
