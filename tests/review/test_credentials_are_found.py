"""What everybody calls a credential is found in a pushed file, at its place; ordinary manifests have none."""

import base64
import codecs
import random
import string
from pathlib import Path

import pytest
import yaml

from workers.manifests.credentials import SORTS, credentials_in
from workers.review.credentials import MOST_FINDINGS, Credential, credentials

ROOT = Path(__file__).resolve().parents[2]
LETTERS = string.ascii_letters + string.digits


def drawn(chance: random.Random, number: int, of: str = LETTERS) -> str:
    return "".join(chance.choices(of, k=number))


CHANCE = random.Random(7)
B32 = string.ascii_uppercase + "234567"
CREDENTIALS = {
    "an AWS access key": f"AKIA{drawn(CHANCE, 16, B32)}",
    "an AWS secret key": f"aws_secret_access_key = {drawn(CHANCE, 40)}",
    "a GitHub token": f"ghp_{drawn(CHANCE, 36)}",
    "a GitLab token": f"glpat-{drawn(CHANCE, 20)}",
    "a Slack token": f"xoxb-{drawn(CHANCE, 12, string.digits)}-{drawn(CHANCE, 24)}",
    "a Slack webhook": f"https://hooks.slack.com/services/T{drawn(CHANCE, 8, B32)}/B{'A' * 7}/{drawn(CHANCE, 24)}",
    "a Stripe key": f"sk_live_{drawn(CHANCE, 24)}",
    "a Google API key": f"AIza{drawn(CHANCE, 35)}",
    "a SendGrid key": f"SG.{drawn(CHANCE, 22)}.{drawn(CHANCE, 43)}",
    "a Vault token": f"hvs.{drawn(CHANCE, 30)}",
    "an npm token": f"npm_{drawn(CHANCE, 36)}",
    "a PyPI token": f"pypi-AgEIcHlwaS5vcmc{drawn(CHANCE, 80)}",
    "a registry's login": f'{{"auths": {{"registry.example.com": {{"auth": "{drawn(CHANCE, 24)}"}}}}}}',
    "a DigitalOcean token": f"dop_v1_{drawn(CHANCE, 64, 'abcdef0123456789')}",
    "an Anthropic key": f"sk-ant-api03-{drawn(CHANCE, 95)}",
    "an OpenAI key": f"sk-{drawn(CHANCE, 20)}T3BlbkFJ{drawn(CHANCE, 20)}",
    "an Azure storage key": f"AccountName=shop;AccountKey={drawn(CHANCE, 86)}==;EndpointSuffix=core",
    "an age key": f"AGE-SECRET-KEY-1{drawn(CHANCE, 58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}",
    "a private key": f"-----BEGIN RSA PRIVATE KEY-----\\n{drawn(CHANCE, 64)}\\n",
    "a signed token (JWT)": f"eyJ{drawn(CHANCE, 20)}.eyJ{drawn(CHANCE, 40)}.{drawn(CHANCE, 43)}",
    "a password in an address": f"postgres://shop:{drawn(CHANCE, 12)}@db.example.com/shop",
}


def config_map(value: str) -> str:
    text = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"key": value}}
    return yaml.safe_dump(text, width=10_000)


def found(folder: Path, text: str, *, file: str = "a.yaml", of_generators: tuple[str, ...] = ()) -> list[Credential]:
    (folder / file).write_text(text)
    return list(credentials(folder, [file], of_generators))


@pytest.mark.parametrize(("sort", "text"), CREDENTIALS.items(), ids=CREDENTIALS)
def test_each_sort_is_found_where_it_stands(sort: str, text: str, tmp_path: Path) -> None:
    """By line and column, with its length; the sentence has nothing of it."""
    written = config_map(text)
    (finding,) = found(tmp_path, written)
    assert (finding.sort, finding.line) == (sort, 3)
    line = written.splitlines()[2]
    secret = line[finding.column - 1 : finding.column - 1 + finding.characters]
    assert secret in text
    assert secret not in str(finding)
    assert str(finding).startswith(
        f"a.yaml:3:{finding.column}: this looks like {sort} ({len(secret)} characters) in plain"
    )


TOKEN = CREDENTIALS["a GitHub token"]
ADDRESS = CREDENTIALS["a password in an address"]
PASSWORD = drawn(CHANCE, 12)
ESCAPED = {
    "a letter by its number": f'key: "{TOKEN.replace("p", chr(92) + "u0070")}"\n',
    "a letter by two digits": f'key: "{TOKEN.replace("_", chr(92) + "x5F")}"\n',
    "slashes as some write JSON": f'{{"key": "{ADDRESS.replace("/", chr(92) + "/")}"}}\n',
    "a line that goes on": f'key: "{TOKEN[:9]}{chr(92)}\n  {TOKEN[9:]}"\n',
    "a query": f"key: https://db.test/shop?user=shop&password={PASSWORD}\n",
    "a query whose ampersand is escaped": f'{{"key": "jdbc:postgresql://db.test/shop?user=a\\u0026password={PASSWORD}"}}\n',
    "what JDBC takes": f"url: jdbc:sqlserver://db.test:1433;databaseName=shop;password={PASSWORD}\n",
}


@pytest.mark.parametrize("text", ESCAPED.values(), ids=ESCAPED)
def test_one_that_is_written_otherwise_is_found_once_and_in_its_place(text: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, f"a: b\n{text}")
    begins = min(place for word in (TOKEN[:2], ADDRESS[16:20], PASSWORD) if (place := text.find(word)) >= 0)
    assert (finding.line, finding.column) == (2, begins + 1)


@pytest.mark.parametrize("text", [r"C:\\u0070ath", r"\u00", r"\ud800\U00110000", r"a\/b", "\\", r"\\\\x41"])
def test_other_backslashes_are_no_credential(text: str) -> None:
    assert not list(credentials_in(f"{text} {text}"))


def test_every_sort_has_a_row_here() -> None:
    assert {sort.name for sort in SORTS} == set(CREDENTIALS)


def test_secrets_and_what_their_generators_read_are_not_looked_at(tmp_path: Path) -> None:
    """There it stands where it belongs; that it stands in clear is another rule's."""
    token = CREDENTIALS["a GitHub token"]
    secret = config_map(token).replace("ConfigMap", "Secret").replace("data:", "stringData:")
    assert not found(tmp_path, secret)
    assert not found(tmp_path, f"TOKEN={token}\n", file="app.env", of_generators=("app.env",))
    assert found(tmp_path, f"TOKEN={token}\n", file="app.env")
    assert [each.line for each in found(tmp_path, f"{secret}---\n{config_map(token)}")] == [10]


KEY = drawn(random.Random(11), 40)
BESIDE_ITS_NAME = {
    "a block": f"- name: AWS_SECRET_ACCESS_KEY\n  value: {KEY}\n",
    "a block, quoted": f"- name: 'AWS_SECRET_ACCESS_KEY'\n  value: '{KEY}'\n",
    "a block with a remark": f"- name: AWS_SECRET_ACCESS_KEY # of the bucket\n  value: {KEY}\n",
    "braces": f"- {{name: AWS_SECRET_ACCESS_KEY, value: {KEY}}}\n",
    "JSON in one line": f'[{{"name":"AWS_SECRET_ACCESS_KEY","value":"{KEY}"}}]',
    "JSON in lines": f'[\n  {{\n    "name": "AWS_SECRET_ACCESS_KEY",\n    "value": "{KEY}"\n  }}\n]',
    "its value first": f"- value: {KEY}\n  name: AWS_SECRET_ACCESS_KEY\n",
    "its value first, in braces": f'- {{"value": "{KEY}", "name": "AWS_SECRET_ACCESS_KEY"}}\n',
    "a chart's values": f"aws_secret_access_key: {KEY}\n",
    "a variable": f"AWS_SECRET_ACCESS_KEY={KEY}\n",
}


@pytest.mark.parametrize("text", BESIDE_ITS_NAME.values(), ids=BESIDE_ITS_NAME)
def test_what_only_its_name_tells_is_found_however_both_are_written(text: str) -> None:
    """A key without a form of its own is told by the name beside it, before or behind, in YAML and in JSON."""
    (one,) = credentials_in(text)
    assert (text[one.start : one.end], one.sort) == (KEY, "an AWS secret key")


def test_a_name_tells_nothing_of_what_another_entry_has() -> None:
    """The digest of the entry behind is no key, and neither is what a Secret brings."""
    assert not list(credentials_in(f"- {{name: AWS_SECRET_ACCESS_KEY}}\n- {{name: COMMIT, value: {KEY}}}\n"))
    assert not list(credentials_in(f"- name: COMMIT\n  value: {KEY}\n- name: AWS_SECRET_ACCESS_KEY\n"))


@pytest.mark.parametrize(
    "text",
    [
        "postgres://shop:$(DB_PASSWORD)@db/shop",
        "postgres://shop:${PASSWORD}@db/shop",
        "postgres://shop:{{ .Values.password }}@db/shop",
        "amqp://guest:guest@rabbitmq:5672",
        "postgres://user:password@localhost/db",
        "https://user:<token>@git.example.com",
        "https://db.test/shop?password=${PASSWORD}",
        "https://db.test/shop?user=a&password=changeme",
        "https://shop.test/help?topic=password&pwd=short",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYD\n",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq4V0e0X9 shop@example.com",
        "registry.example.com/shop@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_only_shows_where_one_goes_is_none(text: str) -> None:
    assert not list(credentials_in(text))


@pytest.mark.slow  # test_files_made_to_be_slow_are_looked_at_at_once stands for it
@pytest.mark.parametrize(
    "begins",
    ["eyJ", "aws_secret_access_key", "-----BEGIN PRIVATE KEY-----", "a://b:", "sk-", "xoxb-1", "a://b?", "\\u0041"],
)
@pytest.mark.parametrize("goes_on", ["\n", " ", "a", "T3BlbkFJ", " eyJaaaaaaaaaaaa.", "://", "?password=", "\\\n"])
def test_a_text_that_is_made_to_be_slow_is_looked_through_at_once(begins: str, goes_on: str) -> None:
    assert len(list(credentials_in(begins + goes_on * (1 << 18)))) <= 1


def ordinary(chance: random.Random) -> str:
    """Write a manifest with all that looks like a credential and is none: digests, certificates, ids, encoded files."""
    name, hexadecimal = drawn(chance, 8, string.ascii_lowercase), "0123456789abcdef"
    encoded = base64.b64encode(chance.randbytes(chance.randrange(20, 400))).decode()
    environment = [
        {"name": "COMMIT", "value": drawn(chance, 40, hexadecimal)},
        {"name": "REQUEST_ID", "value": f"{drawn(chance, 8, hexadecimal)}-{drawn(chance, 12, hexadecimal)}"},
        {"name": "DATABASE_URL", "value": f"postgres://{name}:$(PASSWORD)@db.{name}.svc:5432/{name}?sslmode=disable"},
        {"name": "CHECKSUM", "value": drawn(chance, 64, hexadecimal)},
        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": name, "key": "password"}}},
        {"name": "LICENSE_ID", "value": drawn(chance, 24)},
    ]
    container = {
        "name": name,
        "image": f"registry.example/{name}@sha256:{drawn(chance, 64, hexadecimal)}",
        "env": environment,
    }
    bodies = [
        {"kind": "Deployment", "spec": {"template": {"spec": {"containers": [container]}}}},
        {
            "kind": "ConfigMap",
            "data": {"logo": encoded, "id": drawn(chance, 32, hexadecimal), "go.sum": f"h1:{encoded[:43]}="},
        },
        {"kind": "ValidatingWebhookConfiguration", "webhooks": [{"clientConfig": {"caBundle": encoded}}]},
        {"kind": "SealedSecret", "spec": {"encryptedData": {"password": f"AgB{encoded}"}}},
        {
            "kind": "Certificate",
            "spec": {"text": f"-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n"},
        },
        {"kind": "ServiceAccount", "imagePullSecrets": [{"name": drawn(chance, 30, string.ascii_lowercase)}]},
    ]
    annotations = {"checksum/config": drawn(chance, 64, hexadecimal), "example.com/revision": drawn(chance, 20)}
    body = {"apiVersion": "v1", "metadata": {"name": name, "annotations": annotations}, **chance.choice(bodies)}
    return str(yaml.dump(body, Dumper=yaml.CSafeDumper))


@pytest.mark.proves("credentials-in-clear")
def test_a_thousand_ordinary_manifests_have_none(tmp_path: Path) -> None:
    chance = random.Random(20261128)
    files = [f"{number}.yaml" for number in range(20)]
    for file in files:
        (tmp_path / file).write_text("---\n".join(ordinary(chance) for _ in range(50)))
    assert list(credentials(tmp_path, files, ())) == []


def test_the_manifests_of_this_repository_have_none() -> None:
    """Examples, the way to run it, and what hundreds of tests deploy."""
    folders = ("examples", "deploy", "tests/data", "tests/cases", "tests/corpus", "tests/charts")
    files = [
        file for folder in folders for file in (ROOT / folder).rglob("*") if file.suffix in (".yaml", ".yml", ".tpl")
    ]
    names = [str(file.relative_to(ROOT)) for file in files if "sops/decrypted" not in str(file)]
    assert len(names) > 200
    assert [str(each) for each in credentials(ROOT, names, ())] == []


INI = "[default]\naws_access_key_id = {}\naws_secret = {}\n"
QUIETENED: dict[str, tuple[str, bytes]] = {
    "text of sixteen bits": ("a.yaml", codecs.BOM_UTF16_LE + config_map(TOKEN).encode("utf-16-le")),
    "no YAML that speaks of secrets": ("credentials", INI.format(CREDENTIALS["an AWS access key"], "none").encode()),
    "a target beside it": ("a.yaml", (config_map(TOKEN) + "target: {kind: Secret}\n").encode()),
    "a text that speaks of a Secret": ("a.yaml", config_map(f"# see kind: Secret\n{TOKEN}").encode()),
    "data that are called a patch": (
        "a.yaml",
        config_map("x").replace("key:", "patches:").replace("x", f"'kind: Secret {TOKEN}'").encode(),
    ),
    "much before it": ("a.yaml", b"#" * (1 << 20) + b"\n" + config_map(TOKEN).encode()),
}


@pytest.mark.parametrize(("file", "raw"), QUIETENED.values(), ids=QUIETENED)
def test_nothing_that_is_pushed_beside_it_hides_one(file: str, raw: bytes, tmp_path: Path) -> None:
    """Whoever pushes a credential cannot also say that it is none."""
    (tmp_path / file).write_bytes(raw)
    assert len(list(credentials(tmp_path, [file], ()))) == 1


def test_a_patch_of_a_secret_is_another_rules(tmp_path: Path) -> None:
    """Also one in a kustomization's own text, by its kind or its target."""
    patches = f"patches:\n- patch: |\n    kind: Secret\n    stringData: {{a: {TOKEN}}}\n"
    aimed = f"- target: {{kind: Secret}}\n  patch: '[{{op: add, path: /stringData/a, value: {TOKEN}}}]'\n"
    assert found(tmp_path, patches + aimed, file="kustomization.yaml") == []
    assert len(found(tmp_path, patches + aimed, file="other.yaml")) == 2


def test_files_made_to_be_slow_are_looked_at_at_once(tmp_path: Path) -> None:
    """Keys that are structures of structures, and credentials on every line: it is over within the test's time."""
    bomb = "".join(f"? &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 10)}]\n: x\n" for n in range(12))
    found(tmp_path, bomb + f"x: {TOKEN}\n")
    assert len(found(tmp_path, f"{CREDENTIALS['an AWS access key']}\n" * 200_000, file="keys.txt")) == MOST_FINDINGS
