"""Take from Kubernetes' own modules what `pushboat check` knows without a cluster, and write it into the package.

`python -m cli.lab.bundling` downloads the modules of each version below, once, by Go's own means, and writes one file
for each into `workers/review/kubernetes/`, with a table of when each API came, was deprecated and went. What comes out
depends on the versions alone; a new version of Kubernetes is one row here.
"""

import gzip
import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.lab.golang import ToolUnavailable, go, say_on_stderr
from workers.cluster.client.kinds import read
from workers.review.minors import PLACE

MINORS = ("v1.32.13", "v1.33.13", "v1.34.4", "v1.35.4", "v1.36.3", "v1.37.2")
"""Of each minor version of Kubernetes that is bundled, the release that its schemas are of."""
LIFECYCLES = (
    *(
        f"k8s.io/api@v0.{patch}"
        for patch in ("20.6", "22.5", "25.9", "29.15", "32.13", "33.13", "34.4", "35.4", "36.3", "37.2")
    ),
    "k8s.io/apiextensions-apiserver@v0.20.4",
    "k8s.io/kube-aggregator@v0.20.4",
)
"""Modules that say when an API came and goes; of what two say, the later one counts. Old ones know what is gone."""
_LOCAL = "#/components/schemas/"
_KINDS = "x-kubernetes-group-version-kind"
_GROUP = re.compile(r'GroupName = "([^"]*)"')
_SAID = re.compile(r"func \(in \*(\w+)\) APILifecycle(\w+)\(\).*\{\n\treturn (.*)\n")
_REPLACED_BY = re.compile(r'Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"')
_FIELD_OR_ENUM = re.compile(
    r"^\t{5}\"(?P<field>\w+)\": \{$|^(?P<indent>\t+)Enum: +\[\]interface\{\}\{(?P<values>.*)\},$", re.MULTILINE
)
_DEEP_OF_A_FIELD = 7
"""Tabs before what is said of a field itself; what is said of each in it stands deeper."""
Schemas = Mapping[str, Any]
Type = tuple[str, str, str]


def main() -> None:
    """Write all of it anew."""
    for version in MINORS:
        name = ".".join(version.removeprefix("v").split(".")[:2])
        text = json.dumps(bundle(version), separators=(",", ":"), sort_keys=True)
        (PLACE / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        say_on_stderr(f"Kubernetes {name}: {len(text) >> 10} KiB of schemas")
    lines = (json.dumps(each, separators=(", ", ": ")) for each in lifecycles())
    (PLACE / "lifecycles.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


def bundle(version: str) -> dict[str, Any]:
    """Gather the kinds of one version of Kubernetes, each with its schema.

    Raises:
        ToolUnavailable: its module cannot be downloaded; in Go's words.
    """
    api = module(f"k8s.io/kubernetes@{version}") / "api"
    kinds = read([json.loads((api / "discovery" / "aggregated_v2.json").read_text())])
    core = json.loads((api / "discovery" / "api__v1.json").read_text())["resources"]
    schemas: dict[str, Any] = {}
    for file in sorted((api / "openapi-spec" / "v3").glob("api*__v*_openapi.json")):
        schemas.update(json.loads(file.read_text())["components"]["schemas"])
    _choose(schemas, (api.parent / "pkg" / "generated" / "openapi" / "zz_generated.openapi.go").read_text())
    listed = sorted(
        {(each.group, each.version, each.kind, each.namespaced, each.preferred) for each in kinds}
        | {("", "v1", each["kind"], each["namespaced"], True) for each in core if "/" not in each["name"]}
    )
    return {"version": version, "kinds": listed, "schemas": needed(schemas, {each[:3] for each in listed})}


def needed(schemas: Schemas, kinds: Iterable[Type]) -> dict[str, Any]:
    """Keep the schemas of some kinds and what they are made of, without prose and what objects say of themselves."""
    wanted, found = set(kinds), dict[str, Any]()
    roots = {name for name, schema in schemas.items() if wanted & set(_types(schema))}
    waiting = sorted(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _without_prose(_without_status(schemas[name]) if name in roots else schemas[name])
            waiting += sorted(set(_references(found[name])) - found.keys())
    return found


def lifecycles() -> list[dict[str, Any]]:
    """List when each API of Kubernetes came, was deprecated and went, and what takes its place."""
    found: dict[Type, dict[str, Any]] = {}
    for name in LIFECYCLES:
        for file in sorted(module(name).rglob("zz_generated.prerelease-lifecycle.go")):
            found.update(_said(file))
    return [{"group": kind[0], "version": kind[1], "kind": kind[2], **said} for kind, said in sorted(found.items())]


def module(name: str) -> Path:
    """Download a Go module, where it is not here yet, and say where it is.

    Raises:
        ToolUnavailable: it cannot be downloaded; in Go's words.
    """
    command = [str(go()), "mod", "download", "-json", name]
    environ = {**os.environ, "GOFLAGS": "-mod=mod", "GOWORK": "off"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=environ)
    told = json.loads(done.stdout or "{}")
    if done.returncode or "Dir" not in told:
        raise ToolUnavailable(f"{name} cannot be downloaded: {told.get('Error') or done.stderr.strip()}")
    return Path(told["Dir"])


def _choose(schemas: Mapping[str, Any], go_text: str) -> None:
    """Add what values a field takes: a server publishes that, the documents in its module leave it out."""
    by_function = {"_".join(name.split(".")[-3:]): schema for name, schema in schemas.items()}
    for function in go_text.split("\nfunc schema_")[1:]:
        name = function.partition("(")[0].split("_")
        schema, field = by_function.get("_".join(name[-3:]), {}), ""
        for found in _FIELD_OR_ENUM.finditer(function):
            field = found["field"] or field
            written = schema.get("properties", {}).get(field)
            if found["values"] and written is not None:
                inner = written.get("items") or written.get("additionalProperties")
                of_each = len(found["indent"]) > _DEEP_OF_A_FIELD
                (inner if of_each else written)["enum"] = json.loads(f"[{found['values']}]")


def _said(file: Path) -> Iterator[tuple[Type, dict[str, Any]]]:
    group = _GROUP.search((file.parent / "register.go").read_text())
    said: dict[str, dict[str, Any]] = {}
    for kind, what, value in _SAID.findall(file.read_text()):
        of_kind = said.setdefault(kind, {})
        if replaced := _REPLACED_BY.search(value):
            of_kind["replacement"] = "/".join(filter(None, replaced.groups()))
        elif "," in value:
            of_kind[what.lower()] = value.replace(", ", ".")
    for kind, each in said.items():
        if group and not kind.endswith("List"):
            yield (group[1], file.parent.name, kind), dict(sorted(each.items()))


def _types(schema: Any) -> Iterator[Type]:
    for each in schema.get(_KINDS, ()):
        yield each["group"], each["version"], each["kind"]


def _without_status(schema: Schemas) -> Schemas:
    return {**schema, "properties": {key: each for key, each in schema["properties"].items() if key != "status"}}


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_prose(each)
            for key, each in value.items()
            if not (key == "description" and isinstance(each, str))
        }
    return [_without_prose(each) for each in value] if isinstance(value, list) else value


def _references(value: Any) -> Iterator[str]:
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key == "$ref" and isinstance(each, str):
            yield each.removeprefix(_LOCAL)
        else:
            yield from _references(each)


if __name__ == "__main__":
    main()
