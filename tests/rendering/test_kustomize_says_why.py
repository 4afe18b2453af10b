"""What is wrong with a kustomization is said with its place, in one sentence, whoever has found it.

The cases at-sign-in-a-folder, file-above-the-folder, kustomize-builds-nothing, kustomize-says-why and
lfs-pointer-in-a-generator of tests/cases have their relatives here.
"""

import json
import re
import tempfile
from collections.abc import Mapping

import pytest

from pushboat.errors import DeploymentFailed
from tests.hostile import LFS_POINTER
from tests.rendering.conftest import Render
from workers.render.kustomize.saying import paired, sentence

pytestmark = pytest.mark.programs

TOP = "deploy/kustomization.yaml"
A = {"deploy/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"}
B = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"
COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
PLUGIN = "apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: x}\n"
NOTHING = r"deploy builds no objects: deploying nothing would delete everything; add a manifest$"
LFS = r"is a Git LFS pointer, which Pushboat does not follow: commit the file itself$"
OUTSIDE = r"lies outside of the folder, and kustomize does not read it: move it into "
Rows = Mapping[str, tuple[Mapping[str, str], str]]

BUILDS_NOTHING: Rows = {
    "an empty file": ({TOP: ""}, NOTHING),
    "a comment": ({TOP: "# comes later\n"}, NOTHING),
    "a kind alone": ({TOP: "kind: Kustomization\n"}, NOTHING),
    "a base without anything": ({TOP: "resources: [../base]\n", "base/kustomization.yaml": "resources: []"}, NOTHING),
    "a list without items": (
        {TOP: "resources: [a.yaml]", "deploy/a.yaml": "apiVersion: v1\nkind: List\nitems: []\n"},
        NOTHING,
    ),
    "all for this machine": (
        {
            TOP: "resources: [a.yaml]\ncommonAnnotations: {config.kubernetes.io/local-config: 'true'}",
            "deploy/a.yaml": "apiVersion: v1\nkind: ConfigMap\n"
            "metadata: {name: a, annotations: {config.kubernetes.io/local-config: 'true'}}\n",
        },
        NOTHING,
    ),
    "all patched away": (
        {
            TOP: "resources: [a.yaml]\npatches:\n- patch: |-\n"
            "    {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, $patch: delete}",
            **A,
        },
        NOTHING,
    ),
}
ABOVE: Rows = {
    "a patch": (
        {TOP: "resources: [a.yaml]\npatches: [{path: ../p.yaml}]", "p.yaml": B, **A},
        rf"{TOP}:2:18: ../p.y.* {OUTSIDE}",
    ),
    "a component's file": (
        {TOP: "components: [../c/kustomization.yaml]", "c/kustomization.yaml": COMPONENT},
        rf"{TOP}:1:14: .* {OUTSIDE}deploy$",
    ),
    "replacements": (
        {TOP: "resources: [a.yaml]\nreplacements: [{path: ../r.yaml}]", "r.yaml": "[]", **A},
        rf"{TOP}:2:23: .* {OUTSIDE}",
    ),
    "a base's own": (
        {
            TOP: "resources: [../base]",
            "base/kustomization.yaml": "configMapGenerator: [{name: x, envs: [../deploy/x.env]}]",
            "deploy/x.env": "a=b",
        },
        rf"base/kustomization\.yaml:1:39: \.\./deploy/x\.env {OUTSIDE}base$",
    ),
    "a plugin's": (
        {TOP: "generators: [g.yaml]", "deploy/g.yaml": f"{PLUGIN}files: [../x]\n", "x": "1"},
        rf"deploy/g\.yaml:4:9: \.\./x {OUTSIDE}",
    ),
    "one that is not there either": ({TOP: "openapi: {path: ../x.json}"}, rf"{TOP}:1:17: .* {OUTSIDE}"),
}
POINTERS: Rows = {
    "a patch": (
        {TOP: "resources: [a.yaml]\npatches: [{path: p.yaml}]", "deploy/p.yaml": LFS_POINTER, **A},
        rf"{TOP}:2:18: deploy/p\.yaml {LFS}",
    ),
    "a resource": ({TOP: "resources: [a.yaml]", "deploy/a.yaml": LFS_POINTER}, rf"{TOP}:1:13: deploy/a\.yaml {LFS}"),
    "variables of a base": (
        {
            TOP: "resources: [../base]",
            "base/kustomization.yaml": "secretGenerator: [{name: x, envs: [x.env]}]",
            "base/x.env": LFS_POINTER,
        },
        rf"base/kustomization\.yaml:1:36: base/x\.env {LFS}",
    ),
    "variables as they were named once": (
        {TOP: "configMapGenerator: [{name: x, env: x.env}]", "deploy/x.env": LFS_POINTER},
        rf"{TOP}:1:37: deploy/x\.env {LFS}",
    ),
    "a plugin's file": (
        {TOP: "generators: [g.yaml]", "deploy/g.yaml": f"{PLUGIN}files: [a=k.pem]\n", "deploy/k.pem": LFS_POINTER},
        rf"deploy/g\.yaml:4:9: deploy/k\.pem {LFS}",
    ),
    "an inline plugin's file": (
        {TOP: "generators:\n- |-\n  " + PLUGIN.replace("\n", "\n  ") + "files: [k.pem]\n", "deploy/k.pem": LFS_POINTER},
        rf"{TOP}:2:3: deploy/k\.pem {LFS}",
    ),
    "a file that a merge brings": (
        {
            TOP: "commonAnnotations: {a: &f {files: [k.pem]}}\nsecretGenerator: [{name: x, <<: *f}]",
            "deploy/k.pem": LFS_POINTER,
        },
        rf"{TOP}:1:36: deploy/k\.pem {LFS}",
    ),
    "the kustomization": ({TOP: LFS_POINTER}, rf"{TOP}:1: this {LFS}"),
}
MISTAKES: Rows = {
    "a field twice": (
        {
            TOP: "resources: [b.yaml, a.yaml]",
            "deploy/b.yaml": B,
            "deploy/a.yaml": A["deploy/a.yaml"] + "kind: Secret\n",
        },
        r"deploy/a\.yaml:4:1: ",
    ),
    "a base that is no YAML": (
        {TOP: "resources: [../base]", "base/kustomization.yaml": "resources: [a.yaml]", "base/a.yaml": "a: [\n"},
        r"base/a\.yaml:2:1: ",
    ),
    "a patch that is no YAML": (
        {TOP: "resources: [a.yaml]\npatches: [{path: p.yaml}]", "deploy/p.yaml": "kind: x\n  a: b\n", **A},
        r"deploy/p\.yaml:2:4: ",
    ),
    "twice through two bases": (
        {
            TOP: "resources: [../x, ../y]",
            **{f"{name}/kustomization.yaml": "resources: [b.yaml]" for name in "xy"},
            **{f"{name}/b.yaml": B for name in "xy"},
        },
        r"y/b\.yaml:1:1: ConfigMap/b is already defined at x/b\.yaml:1: remove one of the two",
    ),
    "twice in one file": (
        {TOP: "resources: [b.yaml]", "deploy/b.yaml": f"{B}---\n{B}"},
        r"deploy/b\.yaml:5:1: ConfigMap/b is already defined at deploy/b\.yaml:1",
    ),
    "a patch's file for nothing": (
        {TOP: "resources: [a.yaml]\npatchesStrategicMerge: [p.yaml]", "deploy/p.yaml": B, **A},
        r"deploy/p\.yaml:1:1: this patch is for ConfigMap/b, which is not among the resources",
    ),
    "gone in a component": (
        {TOP: "components: [../c]", "c/kustomization.yaml": f"{COMPONENT}resources: [gone.yaml]"},
        r"c/kustomization\.yaml:3:13: gone\.yaml is not in this commit: add it, or remove this entry",
    ),
    "a folder that is no component": (
        {TOP: "resources: [a.yaml]\ncomponents: [c]", "deploy/c/kustomization.yaml": "namePrefix: x-", **A},
        r"deploy: kustomize: expected kind 'Component' for path 'deploy/c' but got 'Kustomization'$",
    ),
    "a list that is text": ({TOP: "images: nginx"}, rf"{TOP}:1:9: images must not hold text here"),
    "a label that is a number": (
        {TOP: "commonLabels: {a: 1}\nresources: [a.yaml]", **A},
        rf"{TOP}:1:19: commonLabels must not hold a number here",
    ),
    "a step of a patch to nowhere": (
        {
            TOP: "resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n"
            "    [{op: replace, path: /spec/x, value: 1}]",
            **A,
        },
        r"deploy: kustomize: \S",
    ),
    "a key twice": (
        {TOP: "configMapGenerator: [{name: x, literals: [a=b, a=c]}]"},
        r"deploy: kustomize: configmap x illegally repeats the key `a`",
    ),
    "apostrophes": ({TOP: "resources: [it's.yaml]", "deploy/it's.yaml": 'a: "b'}, r"deploy/it's\.yaml:1:4: "),
    "a circle": (
        {TOP: "resources: [../b]", "b/kustomization.yaml": "resources: [../deploy]"},
        r"deploy: kustomize: cycle detected: ",
    ),
    "a folder that would be cloned": (
        {TOP: "resources: [eu@prod/a/b]", "deploy/eu@prod/a/b/kustomization.yaml": "namePrefix: x-"},
        rf"{TOP}:1:13: kustomize would take 'eu@prod/a/b' for a repository to clone: write '\./eu@prod/a/b'$",
    ),
    "an address that is a folder too": (
        {TOP: "configMapGenerator: [{name: x, files: ['http://h/x']}]", "deploy/http:/h/x": "1"},
        rf"{TOP}:1:40: 'http://h/x' is not in this repository",
    ),
}
ALL = {
    f"{group}: {name}": row
    for group, rows in (
        ("nothing", BUILDS_NOTHING), ("above", ABOVE), ("a pointer", POINTERS), ("a mistake", MISTAKES),
    )
    for name, row in rows.items()
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_the_sentence_names_the_place(name: str, rendered: Render) -> None:
    """I read which file, line and column to correct, with quotation marks in pairs, and no word of this machine."""
    files, words = ALL[name]
    with pytest.raises(DeploymentFailed) as failed:
        rendered(files)
    assert re.match(words, failed.value.summary), failed.value.summary
    assert failed.value.summary == paired(failed.value.summary)
    assert tempfile.gettempdir() not in failed.value.summary + failed.value.details


HERE: Mapping[str, Mapping[str, str]] = {
    "a file in a folder with an at sign": {TOP: "resources: [eu@prod/b.yaml]", "deploy/eu@prod/b.yaml": B},
    "such a folder": {
        TOP: "resources: [eu@prod]",
        "deploy/eu@prod/kustomization.yaml": "resources: [b.yaml]",
        "deploy/eu@prod/b.yaml": B,
    },
    "a folder that could be cloned, written out": {
        TOP: "resources: [./github.com/acme/base]",
        "deploy/github.com/acme/base/kustomization.yaml": "resources: [b.yaml]",
        "deploy/github.com/acme/base/b.yaml": B,
    },
    "a file of a forge's name": {TOP: "resources: [github.com/acme/b.yaml]", "deploy/github.com/acme/b.yaml": B},
    "a file with a question mark": {TOP: "resources: ['b.yaml?ref=1']", "deploy/b.yaml?ref=1": B},
    "a generator's file": {
        TOP: "configMapGenerator: [{name: x, files: ['k=me@host/x:y.txt']}]",
        "deploy/me@host/x:y.txt": "1",
    },
    "a pointer that nobody reads": {TOP: "resources: [b.yaml]", "deploy/b.yaml": B, "deploy/logo.png": LFS_POINTER},
}


@pytest.mark.parametrize("name", HERE)
def test_what_stands_in_the_repository_is_accepted_by_being_there(name: str, rendered: Render) -> None:
    """A name that looks like an address is a file of mine, when it is one."""
    assert len(rendered(HERE[name]).manifests) == 1


AS_A_FILE = "Error: accumulating resources: accumulation err='accumulating resources from 'b.yaml': no'"
INNER = json.dumps("couldn't make target for path 'c': isn't \"x\"")
IN_A_COMPONENT = f"Error: accumulating components: accumulateDirectory: {INNER}"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"{AS_A_FILE}: must build at directory: 'b.yaml': file is not directory", "no"),
        ('E1127 10:00:00.123456   12 main.go:9] "command failed" err="it said \\"no\\""', 'it said "no"'),
        (IN_A_COMPONENT, 'isn\'t "x"'),
        ("Error: no matches for Id Deployment.v1.apps/web.shop; gone", "no matches for Id Deployment/shop/web; gone"),
        ("Error: a 'lonely one", "a lonely one"),
    ],
)
def test_words_are_reduced_to_the_innermost_ones(said: str, left: str) -> None:
    """Whatever is wrapped around a mistake, and by which build, I read the mistake."""
    assert sentence(said) == left
