"""A chart's values may be encrypted: what templates make of them is in Secrets as Helm makes it, and nowhere else."""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.errors import DecryptionFailed, DeploymentFailed, RenderFailed
from pushboat.sealing import Key
from tests.charts.conftest import CHART, CONFIG, Charted
from tests.sops.vectors import encrypted, keys
from workers.render.concealing import KEYLESS, Opening
from workers.sops.proving import opened_with

pytestmark = pytest.mark.programs

OURS = Opening(opened_with(keys("staging")), Key("an installation's key").digest)
PASSWORD = "yaml-Pa55word: #1"
SAID = {"values": ["values-secret.yaml"]}
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n  template:\n"


def files(template: str, name: str = "app.yaml", **more: str) -> dict[str, str | bytes]:
    """Write a chart of one template, and encrypted values beside it."""
    made: dict[str, str | bytes] = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": template}
    made["shop/values-secret.yaml"] = encrypted(name)
    return {**made, **{f"shop/templates/{key}.yaml": text for key, text in more.items()}}


def bodies(charted: Charted, made: Mapping[str, str | bytes], **how: Any) -> list[Mapping[str, Any]]:
    return [each.body for each in charted(made, SAID, **{"opening": OURS, **how}).manifests]


def refusal(charted: Charted, made: Mapping[str, str | bytes], kind: type[DeploymentFailed] = RenderFailed) -> str:
    """Say how a chart is refused, without a value in the sentence or beside it."""
    with pytest.raises(kind) as refused:
        charted(made, SAID, opening=OURS)
    wrong = refused.value
    said = f"{wrong.summary} {wrong.details} {wrong.__cause__} {wrong.__context__}"
    assert not re.search("Pa55word|5432|t0ken", said)
    return wrong.summary


@pytest.mark.proves("encrypted-files")
def test_templates_make_of_them_what_they_make_of_any_value(charted: Charted) -> None:
    """Encoded, quoted, escaped for an address, digested, as a number, compared, in a loop: as Helm does it."""
    body, *_ = bodies(
        charted,
        files(
            SECRET + "data:\n  password: {{ .Values.database.password | b64enc }}\nstringData:\n"
            "  plain: {{ .Values.database.password | quote }}\n"
            "  url: 'postgres://shop:{{ .Values.database.password | urlquery }}@db:{{ .Values.database.port }}'\n"
            "  digest: {{ .Values.database.password | sha256sum }}\n"
            "  cut: {{ .Values.database.password | trunc 4 | upper }}\n"
            '  tokens: {{ .Values.tokens | join "," }}\n'
            "  next: {{ add .Values.database.port 1 | quote }}\n"
            '  which: {{ if hasPrefix "yaml" .Values.database.password }}a{{ else }}b{{ end }}\n'
            "  app.json: {{ .Values.database | toJson | quote }}\n"
        ),
    )
    assert base64.b64decode(body["data"]["password"]).decode() == PASSWORD
    held = body["stringData"]
    assert held["plain"] == PASSWORD
    assert held["url"] == "postgres://shop:yaml-Pa55word%3A+%231@db:5432"
    assert held["digest"] == hashlib.sha256(PASSWORD.encode()).hexdigest()
    assert (held["cut"], held["tokens"], held["next"], held["which"]) == ("YAML", "yaml-t0ken", "5433", "a")
    assert held["app.json"] == '{"password":"yaml-Pa55word: #1","port":5432}'


def test_values_of_many_lines_and_letters(charted: Charted) -> None:
    template = (
        SECRET
        + "stringData:\n  pem: |\n{{ .Values.stringData.pem | indent 4 }}\n"
        + "  umlaut: {{ .Values.stringData.umlaut | quote }}\n"
    )
    body, *_ = bodies(charted, files(template, "secret.yaml"))
    assert body["stringData"]["pem"].splitlines()[1] == "c3RhZ2Ugb25seSB0aGluZw=="
    assert body["stringData"]["umlaut"] == 'grüße, "ünd" \\ mehr'


def test_files_lie_over_each_other_as_helm_lays_them(charted: Charted) -> None:
    """A later file and a single value win over an encrypted one, which wins over the chart's own."""
    template = (
        SECRET
        + "stringData:\n{{- range $key, $value := .Values.stringData }}\n"
        + "  {{ $key }}: {{ $value | quote }}\n{{- end }}\n"
    )
    made = {
        **files(template, "secret.yaml"),
        "shop/values.yaml": "stringData: {password: own, own: own}\n",
        "shop/later.yaml": "stringData: {url: later, pem: null}\n",
    }
    said = {"values": ["values-secret.yaml", "later.yaml"], "set": {"stringData.umlaut": "set"}}
    held = charted(made, said, opening=OURS).manifests[0].body["stringData"]
    assert held["password"] == "stage-0nly-Pa55word!"
    assert (held["url"], held["umlaut"], held["own"], "pem" in held) == ("later", "set", "own", False)


def test_a_secret_may_hold_the_file_itself_and_all_values(charted: Charted) -> None:
    """Read by `.Files` it is what was encrypted, without the block of SOPS; so is a Secret of a hook."""
    template = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db, annotations: {helm.sh/hook: pre-install}}\n"
        'data:\n  file: {{ .Files.Get "values-secret.yaml" | b64enc }}\n'
        "  all: {{ .Values | toYaml | b64enc }}\n"
    )
    body, *_ = bodies(charted, files(template))
    held = {key: yaml.safe_load(base64.b64decode(value)) for key, value in body["data"].items()}
    assert held["all"] == held["file"] == {"database": {"password": PASSWORD, "port": 5432}, "tokens": ["yaml-t0ken"]}


LEAKS = {
    "in the open": (
        CONFIG + "data: {a: {{ .Values.database.password | quote }}}\n",
        r"shop/templates/a\.yaml:1: the decrypted value of shop/values-secret\.yaml:3:15 would stand in data\.a of .*",
    ),
    "encoded": (
        CONFIG + "data: {a: {{ .Values.database.password | b64enc }}}\n",
        r"shop/templates/a\.yaml:1: a decrypted value would stand in data\.a of ConfigMap, .*",
    ),
    "written small": (
        CONFIG + "data: {a: {{ .Values.database.password | lower | quote }}}\n",
        r".*data\.a of ConfigMap/a follow.*",
    ),
    "cut": (
        CONFIG + "data: {a: {{ .Values.database.password | trunc 5 | quote }}}\n",
        r".*data\.a of ConfigMap/a follow.*",
    ),
    "letter by letter": (
        CONFIG + 'data: {a: {{ splitList "" .Values.database.password | join " " | quote }}}\n',
        r"shop/templates/a\.yaml:1: data\.a of ConfigMap/a follows from an encrypted value in shop/values-sec.*",
    ),
    "counted": (CONFIG + "data: {a: '{{ len .Values.database.password }}'}\n", r".*data\.a of ConfigMap/a follows.*"),
    "digested": (
        CONFIG + "data: {a: {{ .Values.database.password | sha256sum }}}\n",
        r".*data\.a of ConfigMap/a follows.*",
    ),
    "a number that a field is": (
        CONFIG + "data: {a: '{{ add .Values.database.port 1 }}'}\n",
        r".*data\.a of ConfigMap/a follows.*",
    ),
    "a name": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-{{ .Values.tokens | first | sha256sum | trunc 8 }}}\n",
        r"shop/templates/a\.yaml:1: which objects there are, and how they are called, follows from shop/values-sec.*",
    ),
    "a value as a key of a Secret": (
        SECRET + "stringData: {{ dict (.Values.tokens | first | lower) 1 | toJson }}\n",
        r".*: stringData of Secret/db follows from an encrypted value.*",
    ),
    "a digest as a key of a Secret": (
        SECRET + "stringData: {{ dict (.Values.tokens | first | sha256sum) 1 | toJson }}\n",
        r".*: stringData of Secret/db follows from an encrypted value.*",
    ),
    "an object that is there or not": (
        CONFIG + '---\n{{ if eq .Values.database.password "yaml-Pa55word: #1" }}\n' + SECRET + "{{ end }}\n",
        r".*which objects there are, and how they are called, follows from shop/values-secret\.yaml: .*",
    ),
    "a field that is there or not": (
        CONFIG + '{{ if hasPrefix "yaml" .Values.database.password }}data: {a: b}{{ end }}\n',
        r".*: what ConfigMap/a has follows.*",
    ),
    "a note that is no digest": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {a: {{ .Values.tokens | first | trunc 6 }}}}\n",
        r".*metadata\.labels\.a of ConfigMap/a follows.*",
    ),
}


@pytest.mark.proves("encrypted-files")
@pytest.mark.parametrize(("template", "sentence"), LEAKS.values(), ids=LEAKS)
def test_nothing_that_people_see_follows_from_a_value(template: str, sentence: str, charted: Charted) -> None:
    """Whatever a template does to a value: outside of a Secret's data the objects are the same for any other value."""
    assert re.fullmatch(sentence, refusal(charted, files(template), DeploymentFailed))


def test_a_digest_in_a_note_is_one_of_words(charted: Charted) -> None:
    """Pods restart when a value changes, and whoever reads the annotation can try no password against it."""
    template = DEPLOYMENT + (
        "    metadata:\n      annotations:\n"
        '        checksum/secret: {{ include (print $.Template.BasePath "/b.yaml") . | sha256sum }}\n'
    )
    secret = SECRET + "stringData: {a: {{ .Values.database.password | quote }}}\n"
    made = files(template, b=secret)
    first = {body["kind"]: body for body in bodies(charted, made)}
    elsewhere = Opening(opened_with(keys("staging")), Key("another installation's key").digest)
    other = {body["kind"]: body for body in bodies(charted, made, opening=elsewhere)}
    notes = [each["Deployment"]["spec"]["template"]["metadata"]["annotations"] for each in (first, other)]
    assert notes[0] != notes[1]
    assert first["Secret"] == other["Secret"]
    assert first["Secret"]["stringData"]["a"] == PASSWORD


def test_what_helm_says_of_values_is_not_repeated(charted: Charted) -> None:
    template = (
        SECRET + '{{ if contains "Pa55" .Values.database.password }}{{ fail .Values.database.password }}{{ end }}\n'
    )
    said = refusal(charted, files(template))
    assert said.startswith("shop: this chart renders with words in place of encrypted values, and not with the values")
    broken = SECRET + '{{ if contains "Pa55" .Values.database.password }}a: [{{ .Values.database.password }}{{ end }}\n'
    assert refusal(charted, files(broken)) == said


def test_a_schema_that_wants_a_number_is_told_of_words(charted: Charted) -> None:
    """Whoever encrypted a port reads why Helm takes it for text, and what to do."""
    schema = '{"properties": {"database": {"properties": {"port": {"type": "integer"}}}}}'
    with pytest.raises(RenderFailed) as refused:
        charted({**files(SECRET), "shop/values.schema.json": schema}, SAID, opening=OURS)
    assert refused.value.summary.startswith("shop/values-secret.yaml:4:")
    assert "Encrypted values are words of forty letters in this render: leave in clear" in refused.value.details
    assert "5432" not in refused.value.summary + refused.value.details


def test_chance_is_told_from_what_follows_from_a_value(charted: Charted) -> None:
    template = (
        CONFIG
        + "data: {a: {{ randAlphaNum 9 | quote }}}\n---\n"
        + SECRET
        + ("stringData: {a: {{ .Values.database.password | quote }}, b: {{ randAlphaNum 9 | quote }}}\n")
    )
    made = {body["kind"]: body for body in bodies(charted, files(template))}
    assert made["Secret"]["stringData"]["a"] == PASSWORD
    assert re.fullmatch("[A-Za-z0-9]{9}", made["ConfigMap"]["data"]["a"])
    both = CONFIG + "data: {a: {{ randAlphaNum 9 | quote }}, b: '{{ len .Values.database.password }}'}\n"
    assert "data.b of ConfigMap/a follows from" in refusal(charted, files(both))


def test_values_in_clear_are_counted_and_what_follows_from_encrypted_ones_is_not(charted: Charted) -> None:
    template = SECRET + "stringData: {a: {{ .Values.database.password | sha256sum }}, open: in-the-template}\n"
    made = charted(files(template), SAID, opening=OURS)
    assert list(made.in_clear.values()) == [1]
    assert made.opened


def test_nothing_decrypted_is_written_anywhere(charted: Charted, tmp_path: Path) -> None:
    template = SECRET + "stringData: {a: {{ .Values.database.password | quote }}}\n"
    assert bodies(charted, files(template))
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"PUSHBOATSOPS" in left
    assert b"Pa55word" not in left


def test_without_keys_a_chart_renders_with_words(charted: Charted) -> None:
    """`pushboat check` on anybody's machine: what would be in the open is found there too."""
    template = SECRET + "stringData: {a: {{ .Values.database.password | quote }}}\n"
    (body,) = bodies(charted, files(template), opening=KEYLESS)
    assert body["stringData"]["a"].startswith("PUSHBOATSOPS")
    with pytest.raises(DecryptionFailed, match=r"would stand in data\.a of ConfigMap"):
        charted(files(LEAKS["in the open"][0]), SAID)


def test_whose_key_it_is_not_gets_the_sentence(charted: Charted) -> None:
    made = files(SECRET, "production.yaml")
    assert "this is encrypted for age1" in refusal(charted, made, DecryptionFailed)


def test_a_charts_own_values_say_where_to_put_them(charted: Charted) -> None:
    made = {**files(SECRET), "shop/values.yaml": encrypted("app.yaml")}
    assert refusal(charted, made) == (
        "shop/values.yaml is encrypted, and opened are only files that stand beside a chart: name one of its own under "
        "`helm.values` in .pushboat.yaml"
    )
