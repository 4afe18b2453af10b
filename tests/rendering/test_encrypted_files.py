"""Encrypted files come out as Secrets, by whichever way they are used, and their values stand nowhere else."""

import base64
import re
from collections.abc import Mapping
from typing import Any

import pytest

from pushboat.errors import DeploymentFailed
from pushboat.sealing import Key
from tests.rendering.conftest import Render
from tests.sops.vectors import decrypted, encrypted, keys
from workers.render.concealing import Opening
from workers.sops.proving import opened_with

PASSWORD = "stage-0nly-Pa55word!"
KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
DB = {"deploy/secret.yaml": encrypted("secret.yaml")}


def opening(*names: str) -> Opening:
    """Open with staging's keys, as an installation with a key of its own does."""
    return Opening(opened_with(keys(*(names or ("staging",)))), Key("an installation's key").digest)


def kustomized(text: str, *names: str) -> dict[str, bytes]:
    """Write a kustomization and the encrypted files that it is about."""
    files = {f"deploy/{name}": encrypted(name) for name in names}
    return {"deploy/kustomization.yaml": (KUSTOMIZATION + text).encode(), **files}


def refusal(rendered: Render, files: Mapping[str, str | bytes], **how: Any) -> str:
    """Say how a folder is refused, without a value in the sentence."""
    with pytest.raises(DeploymentFailed) as refused:
        rendered(files, opening=opening(), **how)
    said = refused.value.summary + refused.value.details
    assert not re.search("Pa55word|in-the-wrong-kind|c3RhZ2U|t0ken", said)
    return refused.value.summary


def data_of(body: Mapping[str, Any]) -> dict[str, bytes]:
    return {key: base64.b64decode(value) for key, value in body["data"].items()}


def test_a_plain_folder_of_encrypted_manifests(rendered: Render) -> None:
    """Values come out as they were encrypted; the file's lines are the author's, comments and all."""
    made = rendered({**DB, "deploy/two.yaml": encrypted("two.yaml")}, opening=opening())
    body = made.manifests[0].body
    assert body["stringData"]["password"] == PASSWORD
    assert body["stringData"]["umlaut"] == 'grüße, "ünd" \\ mehr'
    assert body["stringData"]["looks-like-yes"] == "yes"
    assert body["data"] == {"encoded": "c3RhZ2Utb25seS1lbmNvZGVk"}
    assert "sops" not in body
    assert [str(each.ref) for each in made.manifests] == ["Secret/db", "Secret/one", "Secret/two"]
    assert made.manifests[0].place_of(("stringData", "password")) == "deploy/secret.yaml:7:15"
    assert made.opened


def test_a_generator_reads_what_was_encrypted(rendered: Render) -> None:
    """A dotenv file line by line, any other file as a whole, each byte as the tool itself decrypts it."""
    text = "secretGenerator:\n- {name: app, envs: [app.env], files: [app.json, keystore.bin, key=tls.key]}\n"
    names = ("app.env", "app.json", "keystore.bin", "tls.key")
    made = rendered(kustomized(text, *names), opening=opening()).manifests
    assert len(made) == 1
    values = data_of(made[0].body)
    assert values["DB_PASSWORD"] == b"env-Pa55word=with=signs"
    assert values["LINES"] == rb"first\nsecond"
    assert values["keystore.bin"] == decrypted("keystore.bin")
    assert values["key"] == decrypted("tls.key")
    assert b'"password": "json-Pa55word \\"quoted\\""' in values["app.json"]
    assert b"sops" not in values["app.json"]


def test_what_a_generator_makes_is_renamed_exactly_when_a_value_changes(rendered: Render) -> None:
    """The name follows the value and the installation's key: rotating keys renames nothing, and it betrays nothing."""
    one = kustomized("secretGenerator: [{name: app, files: [password=secret.yaml]}]\n", "secret.yaml")
    other = {**one, "deploy/secret.yaml": encrypted("rotated.yaml")}
    names = [rendered(files, opening=opening()).manifests[0].ref.name for files in (one, one, other)]
    assert names[0] == names[1] == names[2]
    elsewhere = Opening(opened_with(keys("staging")), Key("another installation's key").digest)
    assert rendered(one, opening=elsewhere).manifests[0].ref.name != names[0]
    wrong = {**one, "deploy/secret.yaml": encrypted("two.yaml")}
    assert rendered(wrong, opening=opening()).manifests[0].ref.name != names[0]


def test_resources_patches_and_names_of_an_overlay(rendered: Render) -> None:
    """An encrypted resource goes through an overlay; what a patch writes over it wins."""
    text = "namePrefix: my-\nresources: [secret.yaml]\npatches: [{path: patch.yaml}]\n"
    files = kustomized(text, "secret.yaml")
    patch = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {empty: open}\n"
    body = rendered({**files, "deploy/patch.yaml": patch}, opening=opening()).manifests[0].body
    assert body["metadata"]["name"] == "my-db"
    assert (body["stringData"]["password"], body["stringData"]["empty"]) == (PASSWORD, "open")


def test_a_value_may_become_part_of_another_secret(rendered: Render) -> None:
    """A replacement that puts a password into a Secret's address is a Secret's data still."""
    address = "apiVersion: v1\nkind: Secret\nmetadata: {name: url}\nstringData: {url: 'postgres://shop:PASS@db'}\n"
    text = (
        "resources: [secret.yaml, url.yaml]\nreplacements:\n- source: {kind: Secret, name: db, fieldPath: "
        "stringData.password}\n  targets: [{select: {kind: Secret, name: url}, fieldPaths: [stringData.url], "
        "options: {delimiter: ':', index: 2}}]\n"
    )
    made = rendered({**kustomized(text, "secret.yaml"), "deploy/url.yaml": address}, opening=opening())
    found = {each.ref.name: each.body["stringData"] for each in made.manifests}
    assert found["url"]["url"] == f"postgres://shop:{PASSWORD}"


SOURCE = "source: {kind: Secret, name: db, fieldPath: stringData.password}"
WOULD = "would stand in"
OPEN = "where everybody sees it: keep it in a Secret, and refer to that"


def replaced(target: str, source: str = SOURCE, resources: str = "secret.yaml, map.yaml") -> str:
    """Write a kustomization that puts a value elsewhere."""
    return f"resources: [{resources}]\nreplacements:\n- {source}\n  targets: [{{{target}}}]\n"


LEAKS = {
    "a ConfigMap by a replacement": (
        replaced("select: {kind: ConfigMap}, fieldPaths: [data.a]"),
        rf"deploy/map\.yaml:\d+:\d+: the decrypted value of deploy/secret\.yaml:7:15 {WOULD} data\.a of .*, {OPEN}",
    ),
    "an annotation by a replacement": (
        replaced("select: {kind: Secret}, fieldPaths: [metadata.annotations.a], options: {create: true}"),
        rf"deploy/secret\.yaml:\d+:\d+: the decrypted value of .* {WOULD} metadata\.annotations\.a of a Secret, .*",
    ),
    "a name by a replacement": (
        replaced("select: {kind: ConfigMap}, fieldPaths: [metadata.name]"),
        r".*the decrypted value of .* would stand in metadata\.name of ConfigMap, .*",
    ),
    "base64 of it in a ConfigMap": (
        "secretGenerator: [{name: app, envs: [app.env], options: {disableNameSuffixHash: true}}]\n"
        + replaced(
            "select: {kind: ConfigMap}, fieldPaths: [data.a]",
            "source: {kind: Secret, name: app, fieldPath: data.DB_PASSWORD}",
            "map.yaml",
        ),
        r"deploy/map\.yaml:.*a decrypted value would stand in data\.a of ConfigMap, .*",
    ),
    "a ConfigMap's generator": (
        "configMapGenerator: [{name: app, files: [app.json]}]\n",
        r"deploy/kustomization\.yaml:3:\d+: deploy/app\.json is encrypted, and a ConfigMap shows what is in it to .*",
    ),
    "an encrypted patch of a ConfigMap": (
        "resources: [map.yaml]\npatches: [{path: config-map.yaml, target: {kind: ConfigMap}}]\n",
        r".*would stand in data\.password of ConfigMap, .*",
    ),
    "an encrypted ConfigMap": (
        "resources: [config-map.yaml]\n",
        rf"deploy/config-map\.yaml:.*: the decrypted value of deploy/config-map\.yaml:6:15 {WOULD} .*, {OPEN}",
    ),
    "an encrypted annotation": (
        "resources: [deployment.yaml]\n",
        r".*would stand in metadata\.annotations\.note_enc of Deployment, .*",
    ),
}
NAMED = ("secret.yaml", "app.env", "app.json", "config-map.yaml", "deployment.yaml")


@pytest.mark.proves("encrypted-files")
@pytest.mark.parametrize(("text", "sentence"), LEAKS.values(), ids=LEAKS)
def test_a_value_is_let_out_of_no_secret(text: str, sentence: str, rendered: Render) -> None:
    names = [
        name for name in ("secret.yaml", "app.env", "app.json", "config-map.yaml", "deployment.yaml") if name in text
    ]
    plain = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n"
    assert re.fullmatch(sentence, refusal(rendered, {**kustomized(text, *names), "deploy/map.yaml": plain}))


def test_a_plain_folders_config_map_is_refused_too(rendered: Render) -> None:
    """Also where only values are proven, so that somebody could make a ConfigMap of a Secret."""
    for name in ("config-map.yaml", "config-map-mac-only.yaml"):
        assert "would stand in data.password of ConfigMap" in refusal(rendered, {"deploy/a.yaml": encrypted(name)})
    made = encrypted("mac-only.yaml").replace(b"kind: Secret", b"kind: ConfigMap")
    assert "of ConfigMap, where everybody sees it" in refusal(rendered, {"deploy/a.yaml": made})


def test_a_manifest_that_is_encrypted_whole_says_how_to_encrypt_it(rendered: Render) -> None:
    assert refusal(rendered, {"deploy/a.yaml": encrypted("everything.yaml")}) == (
        "deploy/a.yaml:1:13: apiVersion and kind of this object are encrypted too, so nobody knows what it is: encrypt "
        "it with `--encrypted-regex '^(data|stringData)$'`"
    )


def test_an_encrypted_value_without_its_block_is_never_deployed(rendered: Render) -> None:
    value = re.search(rb"password: (ENC\S+)", encrypted("secret.yaml"))
    assert value
    for kind, field in (("ConfigMap", "data"), ("Secret", "stringData")):
        text = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n{field}:\n    password: {value[1].decode()}\n"
        assert refusal(rendered, {"deploy/a.yaml": text}) == (
            f"deploy/a.yaml:5:15: {kind} holds a value that SOPS encrypted, without the `sops` block it opens with: "
            "encrypt the file as a whole"
        )
    generated = kustomized(f"secretGenerator: [{{name: a, literals: ['p={value[1].decode()}']}}]\n")
    assert "without the `sops` block" in refusal(rendered, generated)


def test_values_in_plain_text_are_counted_and_encrypted_ones_are_not(rendered: Render) -> None:
    """Also those of a generator; what only says where Vault has it is none."""
    open_one = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: open}\nstringData: {a: b, none: '', "
        "vault: 'vault:secret/data/shop#password'}\ndata: {c: ZA==, vault: dmF1bHQ6YS9iI2M=}\n"
    )
    text = "resources: [secret.yaml, open.yaml]\nsecretGenerator: [{name: app, envs: [app.env], literals: [a=b]}]\n"
    files = {**kustomized(text, "secret.yaml", "app.env"), "deploy/open.yaml": open_one}
    found = rendered(files, opening=opening()).in_clear
    assert {ref.name.partition("-")[0]: count for ref, count in found.items()} == {"open": 2, "app": 1}


def test_what_an_operator_in_the_cluster_opens_goes_there_as_it_is(rendered: Render) -> None:
    """A SopsSecret keeps its encrypted values and its `sops` block, whoever has which keys."""
    text = encrypted("production.yaml").replace(
        b"apiVersion: v1\nkind: Secret", b"apiVersion: a.b/v1\nkind: SopsSecret"
    )
    body = rendered({"deploy/a.yaml": text}, opening=opening()).manifests[0].body
    assert body["stringData"]["password"].startswith("ENC[AES256_GCM,")
    assert "mac" in body["sops"]


def test_a_kustomization_itself_is_not_opened(rendered: Render) -> None:
    files = kustomized("", "secret.yaml")
    files["deploy/kustomization.yaml"] = encrypted("app.yaml")
    assert "a kustomization is not decrypted" in refusal(rendered, files)


def test_words_of_somebodys_own_stand_for_nothing(rendered: Render) -> None:
    """Who writes what looks like one of our words gets no value for it, and is told where it stands."""
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: PUSHBOATSOPSAAAAAAAAAAAAAAAAAAAAAAAAAAAA}\n"
    assert "a decrypted value would stand in data.a of ConfigMap" in refusal(rendered, {**DB, "deploy/b.yaml": text})


def test_nothing_decrypted_is_written_to_the_checkout(rendered: Render, tmp_path: Any) -> None:
    """What kustomize reads has words in place of values, and so has whatever it says of a mistake."""
    text = "secretGenerator: [{name: app, envs: [app.env]}]\nresources: [secret.yaml]\n"
    rendered(kustomized(text, "app.env", "secret.yaml"), opening=opening())
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"PUSHBOATSOPS" in left
    assert not re.search(rb"Pa55word|ENC\[AES256", left)
    wrong = kustomized("secretGenerator: [{name: app, envs: [app.json]}]\n", "app.json")
    refusal(rendered, wrong)


def test_somebody_elses_file_is_opened_by_no_key_of_ours(rendered: Render) -> None:
    """A push for staging that names production's file gets a sentence."""
    text = "resources: [production.yaml]\n"
    assert "this is encrypted for age1" in refusal(rendered, kustomized(text, "production.yaml"))


def test_a_chart_has_no_encrypted_values_of_its_own(rendered: Render) -> None:
    files = {
        "deploy/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
        "deploy/templates/a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {}\n",
        "deploy/values.yaml": encrypted("app.yaml"),
    }
    assert "opened are only files that stand beside a chart" in refusal(rendered, files)
