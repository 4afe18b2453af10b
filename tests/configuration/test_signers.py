"""Who may sign: read with the operator's file, every mistake at its line and column; the repository only tightens."""

from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.config.environment import effective
from pushboat.config.operator import Limits, Project
from pushboat.config.project import Allowed
from pushboat.config.signers import Sort
from pushboat.config.ssh_keys import keys_of_file
from pushboat.errors import InvalidRepositoryFile
from tests.configuration.marked import unmarked
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, mistakes_of
from tests.signatures.recorded import DATA

KEY = " ".join((DATA / "ssh-ed25519.pub").read_text().split()[:2])
RSA = (DATA / "ssh-rsa.pub").read_text().strip()
ALLOWED = f"""# who may sign
alice@example.com {KEY} alice's laptop
"bob@example.com,*@acme.example" namespaces="git,file",valid-after="20250101",valid-before="202607011200Z" {RSA}
zoe@example.com namespaces="file" {KEY}
"""


def written(signers: str, more: str = "signed_commits: required") -> str:
    return FORGES + CLUSTERS + SHOP + f"      qa: {{cluster: dev, namespaces: [a], {more}, signers: {signers}}}\n"


def expect(marked: str, message: str, folder: Path) -> None:
    """Expect one mistake, at the mark; the message names files by their whole path."""
    text, line, column = unmarked(marked)
    (mistake,) = mistakes_of(text, folder)
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "allowed_signers").write_text(ALLOWED)
    (tmp_path / "carol.asc").write_bytes((DATA / "carol.asc").read_bytes())
    (tmp_path / "secret.asc").write_text("-----BEGIN PGP PRIVATE KEY BLOCK-----\n")
    (tmp_path / "id_ed25519").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n")
    (tmp_path / "binary.gpg").write_bytes(b"\x99\x01\xff\xfe")
    (tmp_path / "authority").write_text(f"* cert-authority {KEY}\n")
    (tmp_path / "odd").write_text(f'* valid-before="soon" {KEY}\n')
    (tmp_path / "files_only").write_text(f'* namespaces="file" {KEY}\n')


def test_signers_are_read_with_their_keys(tmp_path: Path) -> None:
    """A key in the file, a file of allowed signers, an OpenPGP key, the forge: each is somebody who may sign."""
    text = written(
        f"[{{name: alice, ssh: '{KEY}'}}, {{name: team, ssh: {{file: allowed_signers}}}}, "
        "{name: carol, openpgp: {file: carol.asc}}, {forge: true}]"
    )
    limits = operator.parse(text, tmp_path / "pushboat.yaml", ENVIRON).projects["github/acme/shop"].environments["qa"]
    assert limits.signed
    assert [(each.name, each.sort) for each in limits.signers] == [
        ("alice", Sort.SSH),
        ("team", Sort.SSH),
        ("carol", Sort.OPENPGP),
        ("the forge", Sort.FORGE),
    ]
    assert [(key.kind, key.begins, key.ends) for key in limits.signers[1].keys] == [
        ("ssh-ed25519", 0.0, float("inf")),
        ("ssh-rsa", 1_735_689_600.0, 1_782_907_200.0),
    ]


@pytest.mark.parametrize("word", ["off", "'off'", "Off", "false"])
def test_off_means_off_however_yaml_reads_it(word: str, tmp_path: Path) -> None:
    """YAML takes a bare `off` for false: who copies it from the reference means the word."""
    text = written("[]", f"signed_commits: {word}, require_up_to_date: {word}")
    limits = operator.parse(text, tmp_path / "pushboat.yaml", ENVIRON).projects["github/acme/shop"].environments["qa"]
    assert (limits.signed, limits.require_up_to_date) == (False, "off")


MISTAKES = {
    "nobody": ("[]", "signed_commits: ¦required", "so nothing could deploy: say who may sign"),
    "two at once": (f"[¦{{name: a, ssh: '{KEY}', forge: true}}]", "", "need one of the three in each entry"),
    "none of them": ("[¦{name: a}]", "", "need one of the three in each entry: ssh, openpgp, or forge: true"),
    "without a name": (f"[¦{{ssh: '{KEY}'}}]", "", "need a 'name' in each entry"),
    "a named forge": ("[¦{name: hub, forge: true}]", "", "have a name beside 'forge: true'"),
    "a name twice": (f"¦[{{name: a, ssh: '{KEY}'}}, {{name: a, ssh: '{RSA}'}}]", "", "have a twice"),
    "no key": ("[{name: a, ssh: ¦alice}]", "", "'ssh' must be a public SSH key, such as"),
    "a damaged key": (f"[{{name: a, ssh: ¦'{KEY[:-8]}'}}]", "", "'ssh' is a damaged SSH key"),
    "another kind": ("[{name: a, ssh: ¦ssh-dss AAAAB3NzaC1kc3M=}]", "", "'ssh' is a key of the kind ssh-dss"),
    "a certificate": (
        "[{name: a, ssh: ¦ssh-ed25519-cert-v01@openssh.com AAAA}]",
        "",
        "'ssh' is a certificate of SSH, which is not supported",
    ),
    "a file that is not there": ("[{name: a, ssh: ¦{file: gone}}]", "", "which does not exist"),
    "a private SSH key": ("[{name: a, ssh: ¦{file: id_ed25519}}]", "", "is a private key"),
    "an authority": ("[{name: a, ssh: ¦{file: authority}}]", "", "line 1 names an authority of certificates"),
    "an odd time": ("[{name: a, ssh: ¦{file: odd}}]", "", "line 1 has no time such as 20270131"),
    "keys for files": ("[{name: a, ssh: ¦{file: files_only}}]", "", "has no key that may sign for git"),
    "a private OpenPGP key": ("[{name: a, openpgp: ¦{file: secret.asc}}]", "", "it holds a private key"),
    "no OpenPGP key": ("[{name: a, openpgp: ¦{file: allowed_signers}}]", "", "it is no OpenPGP public key as text"),
    "a binary export": ("[{name: a, openpgp: ¦{file: binary.gpg}}]", "", "which is not text"),
    "an unknown word": ("[]", "signed_commits: ¦maybe", "'signed_commits' must be 'off' or 'required'"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_of_a_signer_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """A key that nobody can use is a mistake when the file is read, not when the commit of that day comes."""
    signers, more, message = MISTAKES[case]
    expect(written(signers, more or "signed_commits: required"), message, tmp_path)


def test_plain_git_judges_no_signatures(tmp_path: Path) -> None:
    """`forge: true` needs a forge that says what it made itself."""
    text = written("[{forge: ¦true}]").replace("github/acme/shop", "local/shop")
    text = text.replace("forges:\n", "forges:\n  local: {kind: git, root: /srv/git, webhook_secrets: [{env: HOOK}]}\n")
    expect(text, "'forge' is for forges that judge signatures, and local is plain git: list keys", tmp_path)


def project(*, signed: bool) -> Project:
    limits = Limits(environment="qa", cluster="dev", namespaces=("a",), signed=signed)
    return Project(repository="github/acme/shop", environments=Allowed({"qa": limits}))


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [(False, "", False), (False, ", signed_commits: required", True), (True, "", True)],
)
def test_either_file_wants_signatures(ours: bool, theirs: str, wanted: bool) -> None:
    """What either says holds: the repository's file tightens, and nothing that is pushed loosens."""
    file = repository.parse(f"environments: {{qa: {{path: deploy{theirs}}}}}")
    assert effective(project(signed=ours), file)["qa"].signed is wanted


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("signed_commits: off", "'signed_commits' is the operator's to set, in pushboat.yaml; here it may only be"),
        ("signers: []", "'signers' is for the operator's pushboat.yaml to say, not for the repository's file"),
    ],
)
def test_a_push_cannot_choose_who_signs(said: str, message: str) -> None:
    """Whoever could list their own key would need no signature."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse(f"environments: {{qa: {{path: deploy, {said}}}}}")
    assert message in str(raised.value.mistakes[0])


def test_a_file_of_plain_public_keys_is_read_as_well() -> None:
    """What stands in ~/.ssh may be taken as it is."""
    text = "".join(file.read_text() for file in sorted(DATA.glob("*.pub")))
    assert len(keys_of_file(text)) == 3
