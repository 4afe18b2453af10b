"""What somebody who deploys a chart meets beside its objects: names, notes, tests, ignored files, a missing Helm."""

import stat
from pathlib import Path

import pytest

from pushboat.config.verifying import JobVerification
from pushboat.errors import NotConfigured, RenderFailed
from tests.charts.conftest import CHART, CONFIG, PASSWORD, Charted, environment
from workers.render.choosing import render
from workers.render.helm.capabilities import Capabilities
from workers.render.helm.ignoring import ignoring
from workers.source.checkout import CheckedOut

pytestmark = pytest.mark.programs


def test_a_chart_that_differs_each_time_is_named(charted: Charted) -> None:
    """I am told what every push would change, by object and field, and never by its value."""
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: '{{ randAlphaNum 16 }}'}\n"
    made = charted({"shop/Chart.yaml": CHART, "shop/templates/a.yaml": secret, "shop/templates/b.yaml": CONFIG})
    (note,) = made.notes
    assert note.startswith("this chart renders differently each time: Secret/db (stringData.password). Every push")
    (password,) = [each.body["stringData"]["password"] for each in made.manifests if each.ref.kind == "Secret"]
    assert password not in note


def test_a_chart_that_is_the_same_each_time_is_not_named(charted: Charted) -> None:
    """A mere mention of chance is no finding."""
    chance = "{{ if false }}{{ randAlphaNum 5 }}{{ end }}{{ keys .Values | len }}"
    text = f"{CONFIG}data: {{same: '{chance}'}}\n"
    assert charted({"shop/Chart.yaml": CHART, "shop/templates/a.yaml": text}).notes == ()


def test_what_helm_merely_logs_is_said(charted: Charted) -> None:
    """A value of mine that Helm leaves out is named, without the value; an old chart is said to be one."""
    files = {
        "shop/Chart.yaml": f"{CHART}deprecated: true\n",
        "shop/values.yaml": "hosts: [a]\n",
        "shop/values-a.yaml": f"hosts: {{password: {PASSWORD}}}\n",
        "shop/templates/a.yaml": CONFIG,
    }
    notes = charted(files, {"values": ["values-a.yaml"]}).notes
    assert "helm: this chart is deprecated" in notes
    assert "helm: skipped value for shop.hosts: Not a table." in notes
    assert PASSWORD not in str(notes)


@pytest.mark.parametrize(
    "rules",
    ["*.txt", "/a*", "docs/", "!keep.txt", "docs/*.md", "[ab].txt", "[^a].txt", "?.txt", "a\\.txt", "# x\n\n  b.txt  "],
)
def test_what_is_ignored_is_what_helm_ignores(rules: str, charted: Charted) -> None:
    """Our reading of `.helmignore`, which counts for charts beside this one, is Helm's."""
    names = [
        "a.txt",
        "b.txt",
        "c.md",
        "keep.txt",
        "docs/a.md",
        "docs/deep/b.md",
        "docs/a.txt",
        "adocs/b.txt",
        "x/docs/y",
    ]
    listing = f"{CONFIG}data: {{files: '{{{{ range $path, $_ := .Files }}}}{{{{ $path }}}} {{{{ end }}}}'}}\n"
    fixed = ["Chart.yaml", "templates/a.yaml"]
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": listing, "shop/.helmignore": rules}
    ignored = ignoring(rules)
    if any(map(ignored, fixed)):  # then there is no chart left, which is Helm's to say
        with pytest.raises(RenderFailed):
            charted({**files, **{f"shop/{name}": "x" for name in names}})
        return
    made = charted({**files, **{f"shop/{name}": "x" for name in names}})
    listed = set(made.manifests[0].body["data"]["files"].split()) - {".helmignore"}
    assert listed == {name for name in names if not ignored(name)}


def test_a_large_file_may_be_ignored(charted: Charted) -> None:
    """What Helm does not read may be as large as it likes."""
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG, "shop/.helmignore": "*.bin\n"}
    assert charted({**files, "shop/docs/film.bin": bytes(6 << 20)}).manifests


def test_a_release_is_called_after_its_repository(charted: Charted) -> None:
    """Without `release` it has the repository's name, as Helm accepts it; with it, mine."""
    text = CONFIG.replace("name: a", "name: '{{ .Release.Name }}', namespace: '{{ .Release.Namespace }}'")
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": text}
    assert str(charted(files).manifests[0].ref) == "ConfigMap/shop-staging/shop-api"
    assert str(charted(files, {"release": "mine"}).manifests[0].ref) == "ConfigMap/shop-staging/mine"


def test_tests_are_rendered_where_they_verify(charted: Charted) -> None:
    """A test of the chart is left out, unless the environment names it to verify what was deployed."""
    job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: smoke, annotations: {helm.sh/hook: test}}\n"
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG, "shop/templates/t.yaml": job}
    assert [each.ref.name for each in charted(files).manifests] == ["a"]
    verified = charted(files, verify=(JobVerification(name="smoke"),))
    assert [each.ref.name for each in verified.manifests] == ["a", "smoke"]


def test_defaults_are_said_to_be_defaults(charted: Charted) -> None:
    """Where no cluster was asked, I read for which Kubernetes it was rendered."""
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG}
    made = charted(files, capabilities=Capabilities())
    assert made.notes == ("capabilities are defaults (Kubernetes v1.34.0), not the cluster's",)
    assert made.engine == "helm v4.0.0"


@pytest.mark.parametrize(
    ("files", "said", "mode", "words"),
    [
        ({"shop/a.yaml": CONFIG}, {}, "helm", r"^shop has no Chart\.yaml: add one, or remove `helm` and `render`"),
        ({"shop/a.yaml": CONFIG}, {"values": ["v.yaml"]}, "auto", r"^shop has no Chart\.yaml"),
        ({"shop/Chart.yaml": CHART}, {"release": "x"}, "plain", r"`render: plain` and `helm` exclude each other"),
    ],
)
def test_what_renders_is_never_guessed(
    files: dict[str, str], said: dict[str, object], mode: str, words: str, charted: Charted
) -> None:
    """What I wrote about a chart is not passed over because there is none."""
    with pytest.raises(RenderFailed, match=words):
        charted(files, said, mode=mode)


def test_helm_beside_a_kustomization_means_the_chart(charted: Charted) -> None:
    """A folder with both is a kustomization, unless I say something about the chart."""
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG, "shop/kustomization.yaml": "resources: []"}
    assert charted(files, {"release": "x"}).engine.startswith("helm")


def test_helm_sees_nothing_of_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Helm gets no token, no home with plugins or a kubeconfig, no PATH and no network."""
    spy = tmp_path / "helm-spy"
    spy.write_text(
        "#!/usr/bin/python3\nimport json, os, socket, sys\n"
        "try: socket.socket(); net = 'open'\n"
        "except OSError: net = 'cut'\n"
        "home = os.listdir(os.environ['HOME'])\n"
        "data = {**os.environ, 'net': net, 'homeless': str(home), 'argv': str(sys.argv[1:])}\n"
        "print('---\\n# Source: shop/templates/a.yaml')\n"
        "print(json.dumps({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'x'}, 'data': data}))\n"
    )
    spy.chmod(spy.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PUSHBOAT_HELM", str(spy))
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("KUBECONFIG", "/root/.kube/config")
    monkeypatch.setenv("HELM_PLUGINS", "/root/plugins")
    (tmp_path / "Chart.yaml").write_text(CHART)
    out = CheckedOut(root=tmp_path, folder="", sha="a" * 40, files=("Chart.yaml",))
    (manifest,) = render(out, environment("", {"set": {"password": "hunter2-hunter2"}}), "github/acme/shop").manifests
    data = manifest.body["data"]
    assert (data["net"], data["homeless"]) == ("cut", "[]")
    assert data["HELM_PLUGINS"].startswith(data["HOME"])
    assert not {"GITHUB_TOKEN", "KUBECONFIG"} & data.keys()
    assert "hunter2" not in data["argv"]


def test_a_missing_helm_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Helm is missing, its operator reads the line that brings it."""
    monkeypatch.setenv("PUSHBOAT_HELM", "/nowhere/helm")
    (tmp_path / "Chart.yaml").write_text(CHART)
    out = CheckedOut(root=tmp_path, folder="", sha="a" * 40, files=("Chart.yaml",))
    with pytest.raises(NotConfigured, match=r"needs helm, which is missing .*`pushboat renderers install`"):
        render(out, environment(""))
