"""Kustomizations that no honest person writes, each an attack of its own kind, and the sentence that answers it.

`{trap}` stands for the address of a server that must never be called, `{outside}` for a folder of this machine with a
secret in it. An empty sentence: it may build, and what is built has none of the secret.
"""

from collections.abc import Mapping

from tests.hostile import BOMB

TOP = "deploy/kustomization.yaml"
A = {"deploy/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: y}\n"}
COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
GENERATOR = "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\n"
FUNCTION = "metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      "
SPOOFED = "internal.config.kubernetes.io/"
ELSEWHERE = (
    r".* is not in this repository: copy it here, only resources, components and charts may come from elsewhere$"
)
UNLOCKED = r".* is outside of this repository: run `pushboat sources lock` and commit \.pushboat\.lock$"
UNCLEAR = r".* does not say where the repository ends: write https://HOST/REPOSITORY//FOLDER.*"
OUTSIDE = r".* is outside of this repository: copy it here$"
NO_FUNCTIONS = r"functions \(containers, programs\) are not supported in a kustomization$"
NESTED = 11

ATTACKS: Mapping[str, tuple[Mapping[str, str | bytes], str]] = {
    "a resource by http": ({TOP: "resources: ['{trap}/x.yaml']"}, UNLOCKED),
    "a repository over ssh": ({TOP: "bases: ['git@127.0.0.1:acme/shop.git']"}, UNLOCKED),
    "a repository with a forced protocol": ({TOP: "components: ['git::{trap}/acme/shop']"}, UNCLEAR),
    "an address as a generator's file": ({TOP: "secretGenerator: [{name: x, files: ['k={trap}/x']}]"}, ELSEWHERE),
    "an address as a schema": ({TOP: "openapi: {path: '{trap}/schema.json'}"}, ELSEWHERE),
    "an address behind an alias": ({TOP: "x: &u '{trap}/p.yaml'\npatches: [{path: *u}]"}, ELSEWHERE),
    "an address that a merge brings into a patch": (
        {TOP: "commonAnnotations: {a: &p {path: '{trap}/p.yaml'}}\npatches: [{<<: *p}]"},
        ELSEWHERE,
    ),
    "an address in a base of a base": (
        {
            TOP: "resources: [../b]",
            "b/kustomization.yaml": "components: [../c]",
            "c/kustomization.yaml": f"{COMPONENT}resources: ['{{trap}}/x.yaml']",
        },
        r"c/kustomization\.yaml:3:13: " + UNLOCKED,
    ),
    "an address in a plugin's file": (
        {TOP: "transformers: [t.yaml]", "deploy/t.yaml": "kind: PatchTransformer\npath: '{trap}/p.yaml'\n"},
        r"deploy/t\.yaml:2:7: " + ELSEWHERE,
    ),
    "an address in an inline plugin": (
        {TOP: f"generators:\n- |-\n  {GENERATOR.replace(chr(10), chr(10) + '  ')}files: ['{{trap}}/x']\n"},
        r"deploy/kustomization\.yaml:2:3: " + ELSEWHERE,
    ),
    "an address in a folder of plugins": (
        {
            TOP: "generators: [gens]",
            "deploy/gens/kustomization.yaml": "resources: [g.yaml]",
            "deploy/gens/g.yaml": f"{GENERATOR}envs: ['{{trap}}/x']\n",
        },
        r"deploy/gens/g\.yaml:4:8: " + ELSEWHERE,
    ),
    "an address that is a folder as well": (
        {TOP: "resources: ['{trap}/a']", "deploy/{trap}/a": "kind: X\n"},
        UNCLEAR,
    ),
    "a program": ({TOP: "generators: [g.yaml]", "deploy/g.yaml": f"{FUNCTION}exec: {{path: ./x}}\n"}, NO_FUNCTIONS),
    "a container": (
        {TOP: "validators:\n- |-\n  " + FUNCTION.replace("\n", "\n  ") + "container: {image: x}\n"},
        NO_FUNCTIONS,
    ),
    "a program in a folder of plugins": (
        {
            TOP: "transformers: [more]",
            "deploy/more/kustomization.yaml": "resources: [t.yaml]",
            "deploy/more/t.yaml": f"{FUNCTION}exec: {{path: /bin/cat}}\n",
        },
        NO_FUNCTIONS,
    ),
    "a plugin that is no part of kustomize": (
        {TOP: "generators: [g.yaml]", "deploy/g.yaml": "apiVersion: evil/v1\nkind: Plugin\nmetadata: {name: x}\n"},
        r"deploy: kustomize: .*(plugin|unable to load)",
    ),
    "a plugin that inflates charts": (
        {
            TOP: "generators: [g.yaml]",
            "deploy/g.yaml": "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\n"
            "name: chart\nchartHome: ../..\n",
        },
        r"deploy",
    ),
    "a chart from elsewhere": ({TOP: "helmCharts: [{name: x, repo: '{trap}'}]"}, r"deploy/kustomization\.yaml:1:"),
    "a chart whose program is chosen": (
        {TOP: "helmChartInflationGenerator: [{chartName: x, helmBin: /bin/cat}]"},
        r"deploy/kustomization\.yaml:1:",
    ),
    "a path from the root": ({TOP: "configMapGenerator: [{name: x, envs: ['{outside}/secret.env']}]"}, OUTSIDE),
    "a path over the top": ({TOP: "resources: [../../outside]"}, OUTSIDE),
    "a path that is no text": ({TOP: 'resources: ["../../outside\\n"]'}, OUTSIDE),
    "a file beside the folder": (
        {TOP: "configMapGenerator: [{name: x, files: [../.pushboat.yaml]}]", ".pushboat.yaml": "x: 1\n"},
        r".*lies outside of the folder, and kustomize does not read it",
    ),
    "a field in other letters": ({TOP: "re\u017fources: [../../outside]"}, OUTSIDE),
    "a field that hides its twin": (
        {TOP: "resources: [../../outside]\nResources: [a.yaml]", **A},
        r".*written out, and once",
    ),
    "fields that a merge brings": (
        {TOP: "metadata: &x\n  resources: [../../outside]\n<<: *x"},
        r".*written out, and once",
    ),
    "variables of this process": (
        {TOP: "configMapGenerator: [{name: x, envs: [v.env]}]", "deploy/v.env": "PUSHBOAT_TEST_SECRET\nGITHUB_TOKEN\n"},
        "",
    ),
    "an alias bomb among the fields": ({TOP: f"{BOMB}resources: [a.yaml]", **A}, r".*its aliases expand to more than"),
    "more places than letters": (
        {
            TOP: "x0: &a0 [a.yaml, a.yaml, a.yaml, a.yaml, a.yaml, a.yaml, a.yaml, a.yaml, a.yaml, a.yaml]\n"
            + "".join(f"x{each}: &a{each} [{', '.join([f'*a{each - 1}'] * 10)}]\n" for each in range(1, 5))
            + "resources: *a4\n",
            **A,
        },
        r"deploy/kustomization\.yaml:1:\d+: this names more than 10,000 places",
    ),
    "an alias that holds itself": ({TOP: "resources: &x [*x]"}, r".*an alias that holds itself has no end"),
    "an alias bomb in an object": (
        {TOP: "resources: [b.yaml]", "deploy/b.yaml": f"{BOMB}kind: X\n"},
        r"deploy/b\.yaml:\d+:\d+: its aliases expand to more than",
    ),
    "30,000 levels of fields": ({TOP: "resources: " + "[" * 30_000}, r".*nested more than 100 lev"),
    "30,000 levels in a patch": (
        {TOP: "resources: [a.yaml]\npatches: [{path: p.yaml}]", "deploy/p.yaml": "a: " + "[" * 30_000, **A},
        r"deploy/p\.yaml:1:\d+: ",
    ),
    "a Python object": ({TOP: "resources: !!python/object/apply:os.system [ls]"}, r".*the tag !!python/object/apply"),
    "bytes that are no text": (
        {TOP: b"resources: [\xff\xfe]\n"},
        r"deploy/kustomization\.yaml:1:13: this is not UTF-8",
    ),
    "a name that no disk holds": ({TOP: f"resources: [{'x' * 5000}]"}, r"deploy/kustomization\.yaml:1:13: "),
    "a name with a zero byte": ({TOP: 'resources: ["a\\0.yaml"]'}, r"deploy/kustomization\.yaml:1:13: "),
    "folders in a circle": (
        {TOP: "resources: [../b]", "b/kustomization.yaml": "resources: [../deploy]"},
        r"deploy: kustomize: cycle detected",
    ),
    "components that double at each level": (
        {
            TOP: "resources: [a.yaml]\ncomponents: [c0]",
            **{
                f"deploy/{'/'.join(f'c{each}' for each in range(level + 1))}/kustomization.yaml": COMPONENT
                + f"components: [c{level + 1}, c{level + 1}]\n"
                for level in range(NESTED)
            },
            f"deploy/{'/'.join(f'c{each}' for each in range(NESTED + 1))}/kustomization.yaml": COMPONENT
            + "commonLabels: {a: b}\n",
            **A,
        },
        r"deploy: its kustomizations lead to more than 2,000 others: list each only once$",
    ),
    "a pattern that searches for ever": (
        {
            TOP: "resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap, name: '(a+)+(a+)+(a+)+b'}\n"
            "  patch: |-\n    - {op: add, path: /data/z, value: z}\n",
            "deploy/a.yaml": A["deploy/a.yaml"].replace("name: a", f"name: {'a' * 60}"),
        },
        r"",
    ),
    "a patch that copies itself larger": (
        {
            TOP: "resources: [a.yaml]\npatches: [{path: p.json, target: {kind: ConfigMap}}]",
            "deploy/p.json": "["
            + ", ".join(f'{{"op": "copy", "from": "/data", "path": "/data/k{level}"}}' for level in range(34))
            + "]",
            **A,
        },
        r"deploy: ",
    ),
    "an index that is far too large": (
        {
            TOP: "resources: [a.yaml]\npatches: [{path: p.json, target: {kind: ConfigMap}}]",
            "deploy/p.json": '[{"op": "add", "path": "/items/99999999999999999999", "value": 1}]',
            **A,
        },
        r"deploy: kustomize: ",
    ),
    "kustomize's own notes, forged": (
        {
            TOP: "resources: [a.yaml]\nnamePrefix: x-",
            "deploy/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n"
            f"    {SPOOFED}previousNames: a,b,c\n    {SPOOFED}previousKinds: ConfigMap\n"
            f"    {SPOOFED}previousNamespaces: x\n    {SPOOFED}generatorBehavior: merge\n",
        },
        r"deploy: kustomize breaks down on it: number of previous names, [a-z ,]+ not equal$",
    ),
    "letters that write on a terminal": (
        {TOP: 'resources: [a.yaml, a.yaml]\nnamePrefix: "\\e[2J"', **A},
        r"deploy",
    ),
    "a kustomization that is a folder": ({"deploy/kustomization.yaml/kustomization.yaml": "resources: [x]"}, r"deploy"),
    "two kustomizations in one folder": (
        {TOP: "resources: [a.yaml]", "deploy/Kustomization": "resources: []", **A},
        r"deploy: kustomize: Found multiple kustomization files under: deploy",
    ),
}
TAKES_LONG = {"a patch that copies itself larger"}
"""Ends when kustomize has used up what it may use."""
