"""Charts that are made to read, to reach or to cost what they must not, each with the sentence that answers it."""

from collections.abc import Callable, Mapping

from tests.charts.archives import archive, bomb, many, nested, with_link
from tests.charts.conftest import CHART, CONFIG, Files

SUB = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


def template(text: str) -> Files:
    """A chart of one template."""
    return {"shop/templates/a.yaml": text}


def vendored(packed: bytes) -> Files:
    """A chart with an archive among its dependencies."""
    return {"shop/charts/sub-0.1.0.tgz": packed, "shop/templates/a.yaml": CONFIG}


def schema(text: str) -> Files:
    """A chart whose values have this schema."""
    return {"shop/values.schema.json": text, "shop/templates/a.yaml": CONFIG}


def depends(entry: str, **more: str) -> Files:
    """A chart with a dependency."""
    return {"shop/Chart.yaml": f"{CHART}dependencies:\n- {{{entry}}}\n", "shop/templates/a.yaml": CONFIG, **more}


HOSTILE: Mapping[str, tuple[Files | Callable[[], Files], str]] = {
    "an include without end": (
        template('{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}'),
        r"^shop/templates/a\.yaml:1:\d+: .*nested reference name: x",
    ),
    "a template that calls itself": (
        template('{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}'),
        r"^shop/templates/a\.yaml:1:\d+: .*exceeded maximum template depth",
    ),
    "a tpl without end": (
        {
            "shop/values.yaml": "loop: '{{ tpl .Values.loop . }}'\n",
            "shop/templates/a.yaml": "{{ tpl .Values.loop . }}",
        },
        r"^shop: (a template of this chart calls itself without end|helm needs more than|helm was stopped)",
    ),
    "a range over more than there is": (
        template("{{ range until 2000000000 }}x{{ end }}"),
        r"^shop: helm needs more than 1536 MiB for this chart: make it smaller",
    ),
    "more output than anybody reads": (
        template('{{ $x := repeat 100000000 "x" }}a: {{ $x }}{{ $x }}{{ $x }}{{ $x }}{{ $x }}{{ $x }}{{ $x }}{{ $x }}'),
        r"^shop: helm (needs more than 1536 MiB|was stopped|printed more)",
    ),
    "the environment of the process": (template('{{ env "PATH" }}'), r'^shop/templates/a\.yaml:1: .*"env" not defined'),
    "the environment in a text": (
        template('{{ expandenv "$HOME" }}'),
        r'^shop/templates/a\.yaml:1: .*"expandenv" not defined',
    ),
    "an expression that nothing compiles": (
        template('{{ mustRegexMatch "((a{1000}){1000}){1000}" "a" }}'),
        r"^shop/templates/a\.yaml:1:\d+: .*error parsing regexp",
    ),
    "a file of this machine as a schema": (
        schema('{"$ref": "file:///etc/passwd"}'),
        r"^shop/values\.schema\.json: \$ref 'file:///etc/passwd' leads out of this file",
    ),
    "a file of this machine by a path": (
        schema('{"allOf": [{"$ref": "etc/passwd"}]}'),
        r"^shop/values\.schema\.json: \$ref 'etc/passwd' leads out",
    ),
    "an address that is spelled otherwise": (
        schema('{"\\u0024ref": "http://127.0.0.1:PORT/x"}'),
        r"^shop/values\.schema\.json: \$ref 'http://127\.0\.0\.1:\d+/x' leads out",
    ),
    "a schema of schemas from elsewhere": (
        schema('{"$schema": "http://127.0.0.1:PORT/x"}'),
        r"^shop/values\.schema\.json: \$schema 'http:",
    ),
    "a schema in an archive": (
        vendored(archive({"sub/Chart.yaml": SUB, "sub/values.schema.json": '{"$dynamicRef": "file:///etc/hosts"}'})),
        r"^shop/charts/sub-0\.1\.0\.tgz/values\.schema\.json: \$dynamicRef 'file:///etc/hosts' leads out",
    ),
    "a schema that is none": (schema("{,}"), r"^shop/values\.schema\.json:1:2: this is no JSON"),
    "a schema of a thousand levels": (
        schema('{"not":' * 1000 + "{}" + "}" * 1000),
        r"^shop/values\.schema\.json: nested more than 100 levels deep",
    ),
    "an archive that grows": (
        lambda: vendored(bomb(200 << 20)),
        r"^shop/charts/sub-0\.1\.0\.tgz/sub/templates/a\.yaml is larger",
    ),
    "an archive of too many files": (
        lambda: vendored(many(5_001)),
        r"sub-0\.1\.0\.tgz/.*larger than 50 MiB or 5,000 files",
    ),
    "an archive that leads out": (
        vendored(archive({"sub/../../../etc/x": "x"})),
        r"^shop/charts/sub-0\.1\.0\.tgz holds a file whose name leads elsewhere",
    ),
    "an archive of absolute paths": (vendored(archive({"/etc/x": "x"})), r"sub-0\.1\.0\.tgz holds a file whose name"),
    "an archive with Windows' paths": (vendored(archive({"sub\\..\\x": "x"})), r"tgz holds a file whose name"),
    "an archive with a link": (vendored(with_link("/etc/passwd")), r"tgz: sub/values\.yaml is a link or a device"),
    "an archive with a hard link": (vendored(with_link("/etc/passwd", b"1")), r"values\.yaml is a link or a device"),
    "an archive with a device": (vendored(with_link("", b"3")), r"values\.yaml is a link or a device"),
    "archives in archives": (vendored(nested(6)), r"archives stand more than 5 deep in each other: unpack them"),
    "an archive that says a file twice": (
        vendored(archive({"sub/Chart.yaml": SUB, "other/Chart.yaml": SUB})),
        r"tgz holds Chart\.yaml twice",
    ),
    "an archive without a folder": (vendored(archive({"Chart.yaml": SUB})), r"Chart\.yaml stands beside the chart's"),
    "an archive that is none": (vendored(b"hello"), r"^shop/charts/sub-0\.1\.0\.tgz is no archive of a chart"),
    "an archive that is cut": (
        vendored(archive({"sub/Chart.yaml": SUB})[:60]),
        r"sub-0\.1\.0\.tgz is (no archive of a chart|an empty archive)",
    ),
    "an archive that is kept elsewhere": (vendored(LFS.encode()), r"sub-0\.1\.0\.tgz:1: this is a Git LFS pointer"),
    "a template that is kept elsewhere": (template(LFS), r"^shop/templates/a\.yaml:1: this is a Git LFS pointer"),
    "a file that Helm does not read": (
        {"shop/blob.bin": bytes(6 << 20), "shop/templates/a.yaml": CONFIG},
        r"^shop/blob\.bin is larger than 5 MiB",
    ),
    "a Chart.yaml that is no YAML": ({"shop/Chart.yaml": "name: [\n"}, r"^shop/Chart\.yaml:\d+:\d+: "),
    "a Chart.yaml that grows": (
        {
            "shop/Chart.yaml": "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(8))
        },
        r"^shop/Chart\.yaml:\d+:\d+: its aliases expand to more than",
    ),
    "a Chart.yaml that says it twice": (
        {"shop/Chart.yaml": f"{CHART}dependencies: []\nDependencies: [{{name: x, repository: 'file:///etc'}}]\n"},
        r"^shop/Chart\.yaml:5:1: every field of a chart must be written out, and once",
    ),
    "a chart whose name leads out": (
        {"shop/Chart.yaml": "apiVersion: v2\nname: ../../x\nversion: 0.1.0\n"},
        r"^shop/Chart\.yaml:2: a chart's name must be letters",
    ),
    "a chart whose name is two dots": (
        {"shop/Chart.yaml": "apiVersion: v2\nname: ..\nversion: 0.1.0\n"},
        r"^shop/Chart\.yaml:2: a chart's name must be letters",
    ),
    "a chart for a newer Kubernetes": (
        {"shop/Chart.yaml": f'{CHART}kubeVersion: ">=1.99.0"\n', "shop/templates/a.yaml": CONFIG},
        r"^shop/Chart\.yaml:\d+:1: this chart is for Kubernetes >=1\.99\.0, and the cluster has v1\.36\.3$",
    ),
    "a chart from the web": (
        depends('name: redis, version: 1.0.0, repository: "http://127.0.0.1:PORT/"'),
        r"^shop/Chart\.yaml:5: chart redis 1\.0\.0 of http://127\.0\.0\.1:\d+ is outside of this repository: run `push",
    ),
    "a chart of this machine": (
        depends('name: etc, version: 1.0.0, repository: "file:///etc"'),
        r"^shop/Chart\.yaml:5: file:///etc is outside of this repository",
    ),
    "a chart above the repository": (
        depends('name: up, version: 1.0.0, repository: "file://../../up"'),
        r"^shop/Chart\.yaml:5: file://\.\./\.\./up is outside of this repository",
    ),
    "a chart that is not there": (
        depends('name: x, version: 1.0.0, repository: "file://../x"'),
        r"^shop/Chart\.yaml:5: there is no chart at x",
    ),
    "a chart of another name": (
        depends('name: y, version: 1.0.0, repository: "file://../x"', **{"x/Chart.yaml": SUB}),
        r"^shop/Chart\.yaml:5: the chart at x is called sub, not y",
    ),
    "charts in a circle": (
        depends(
            'name: b, version: 0.1.0, repository: "file://../b"',
            **{
                "b/Chart.yaml": "name: b\nversion: 0.1.0\ndependencies:\n"
                "- {name: shop, version: 0.1.0, repository: 'file://../shop'}\n"
            },
        ),
        r"^b/Chart\.yaml:4: charts depend on each other in a circle: shop → b → shop",
    ),
    "a hook that nobody runs": (
        template(CONFIG.replace("name: a", "name: a, annotations: {helm.sh/hook: pre-instal}")),
        r"^shop: a template says helm\.sh/hook: pre-instal, and Helm leaves its object out: did you mean 'pre-install'",
    ),
    "an object without a name": (
        template("apiVersion: v1\nkind: {{ .Values.kind }}ConfigMap\nmetadata: {}\n"),
        r"^shop/templates/a\.yaml: line \d of what it renders: ConfigMap has no metadata\.name",
    ),
    "a key that stands twice": (
        template(CONFIG + "data: {a: '1', a: '2'}\n"),
        r"^shop/templates/a\.yaml:4:16: the key 'a' stands twice",
    ),
    "a key that is rendered twice": (
        template(CONFIG + "data:\n{{ range list 1 2 }}  a: '{{ . }}'\n{{ end }}"),
        r"^shop/templates/a\.yaml: line \d of what it renders: the key 'a' stands twice",
    ),
    "a library": (
        {"shop/Chart.yaml": f"{CHART}type: library\n", "shop/templates/a.yaml": CONFIG},
        r"^shop/Chart\.yaml:\d+:1: a library renders nothing by itself",
    ),
    "nothing at all": (
        {"shop/templates/a.yaml": "{{ if false }}x{{ end }}"},
        r"^shop builds no objects: deploying nothing",
    ),
}
