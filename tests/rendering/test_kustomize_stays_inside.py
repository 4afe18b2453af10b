"""kustomize reads nothing beside the checkout, however a kustomization spells it, and repeats no secret of mine."""

import base64
from pathlib import Path

import pytest

from pushboat.errors import InvalidManifest, NotConfigured, RenderFailed
from tests.rendering.conftest import Render

VALUE = "hunter2-hunter2"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
SECRET = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{password: {VALUE}}}\n"

HIDDEN = {
    "a folded letter": "re\u017fources: [../../outside]",
    "a twin in capitals": "resources: [../../outside]\nResources: [a.yaml]",
    "a twin that comes first": "Resources: [a.yaml]\nresources: [../../outside]",
    "a merge": "metadata: &x\n  resources: [../../outside]\n<<: *x",
    "a line end": 'resources: ["../../outside\\n"]',
}


@pytest.mark.parametrize("name", HIDDEN)
def test_no_spelling_leads_out_of_the_repository(name: str, rendered: Render, tmp_path: Path) -> None:
    """A folder of this machine cannot be deployed by whoever can push a kustomization."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kustomization.yaml").write_text("resources: [stolen.yaml]")
    (outside / "stolen.yaml").write_text(MAP.replace("name: a", "name: stolen"))
    with pytest.raises((RenderFailed, InvalidManifest), match=r"^deploy/kustomization\.yaml:\d") as refused:
        rendered({"deploy/kustomization.yaml": HIDDEN[name], "deploy/a.yaml": MAP})
    assert "kustomize:" not in refused.value.summary


def test_a_plugin_that_is_written_inline_fetches_nothing(rendered: Render) -> None:
    """A generator inside the kustomization is judged like one in a file of its own."""
    text = "generators:\n- |-\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n  metadata: {name: x}\n"
    with pytest.raises(RenderFailed, match="is not in this repository: copy it"):
        rendered({"deploy/kustomization.yaml": f"{text}  files: ['http://127.0.0.1:1/x']\n"})


@pytest.mark.parametrize("place", ["a" * 300, "b/" * 600, '"a\\0b"', "../" + "c" * 300])
def test_a_place_that_no_file_system_holds_is_told(place: str, rendered: Render) -> None:
    """An absurd entry is a mistake in my kustomization."""
    with pytest.raises(RenderFailed, match=r"^deploy/kustomization\.yaml:1:\d+: "):
        rendered({"deploy/kustomization.yaml": f"resources: [{place}]", "deploy/a.yaml": MAP})


LEAKS = {
    "a literal without a name": f"secretGenerator:\n- name: s\n  literals: [{VALUE}]",
    "a generator's configuration": f"secretGenerator:\n- name: s\n  literals: [p={VALUE}]\n  behavior: nonsense",
    "a broken patch": f"patches:\n- patch: |\n    kind: Secret\n    stringData: {{p: {VALUE}",
    "a patch": f"patches:\n- patch: |\n    kind: Secret\n    stringData: {{p: {VALUE}}}",
    "a step of a patch": "patches:\n- target: {kind: Nothing, name: '['}\n  patch: |\n"
    f"    - {{op: bad, path: /stringData/p, value: {VALUE}}}",
    "an inline generator": "generators:\n- |-\n  apiVersion: builtin\n  kind: SecretGenerator\n"
    f"  metadata: {{name: x}}\n  literals: [{VALUE}]",
    "a file of literals": "secretGenerator:\n- name: s\n  envs: [s.env]",
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_failed_build_repeats_no_secret(name: str, rendered: Render) -> None:
    """kustomize's own words come without the values that it stumbled over, also encoded."""
    files = {
        "deploy/kustomization.yaml": f"resources: [a.yaml, gone.yaml]\n{LEAKS[name]}\n",
        "deploy/a.yaml": SECRET,
        "deploy/s.env": f"a b c {VALUE}\n=={VALUE}\n",
    }
    for text in (files["deploy/kustomization.yaml"], LEAKS[name]):
        try:
            rendered({**files, "deploy/kustomization.yaml": text})
        except (RenderFailed, InvalidManifest) as failed:
            said = failed.summary + failed.details
            assert VALUE not in said
            assert base64.b64encode(VALUE.encode()).decode() not in said
            assert "deploy" in said


def test_kustomize_is_not_run_with_a_network(rendered: Render, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the network cannot be cut, nothing is built: the launcher's word is final."""
    program = tmp_path / "kustomize"
    program.write_text("#!/bin/sh\nexit 126\n")  # as the launcher ends where it cannot cut it
    program.chmod(0o755)
    monkeypatch.setenv("PUSHBOAT_KUSTOMIZE", str(program))
    with pytest.raises(NotConfigured, match="the network cannot be cut off"):
        rendered({"deploy/kustomization.yaml": "resources: [a.yaml]", "deploy/a.yaml": MAP})
