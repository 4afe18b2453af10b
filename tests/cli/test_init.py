"""`pushboat init`: a newcomer has both files in a minute, and they are right."""

import subprocess
from pathlib import Path

import pytest
import yaml

from cli.founding.looking import look
from cli.founding.naming import repository_of
from cli.founding.writing import operators_lines, repository_file
from pushboat.config import operator, repository
from pushboat.config.helm import Helm
from tests.cli.conftest import OPERATOR, ROOT, Pushboat
from tests.written import config_map


def tree(root: Path, **files: str) -> Path:
    """Write files, by paths with `__` for a slash and `_yaml` for the ending."""
    for name, text in files.items():
        file = root / name.replace("__", "/").replace("_yaml", ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a base, two overlays, and what is none of ours."""
    root = tmp_path / "shop"
    tree(
        root,
        k8s__base__kustomization_yaml="resources: [all.yaml]\n",
        k8s__base__all_yaml=config_map("a"),
        k8s__overlays__staging__kustomization_yaml="resources: [../../base]\nnamespace: shop-test\n",
        k8s__overlays__production__kustomization_yaml="resources: [../../base]\n",
        src__settings_yaml="colour: red\n",
        node_modules__x__a_yaml=config_map("x"),
    )
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(root)], check=True)
    remote = "git@github.com:acme/shop.git"
    subprocess.run(["git", "-C", str(root), "remote", "add", "origin", remote], check=True)
    return root


def test_overlays_become_environments(shop: Path, tmp_path: Path, pushboat: Pushboat) -> None:
    """I get a file for what is there: staging follows my branch, production waits for my word; the base is neither."""
    done = pushboat("init", shop)
    assert done.returncode == 0, done.stderr
    said = repository.parse((shop / ".pushboat.yaml").read_text()).environments
    assert {name: one.said for name, one in said.items()} == {
        "staging": {"branch": "trunk", "path": "k8s/overlays/staging", "namespace": "shop-test"},
        "production": {"path": "k8s/overlays/production"},
    }
    wanted = yaml.safe_load(done.stdout)["projects"]
    assert wanted[0]["repository"] == "github/acme/shop"
    assert wanted[0]["environments"]["staging"]["namespaces"] == ["shop-test"]
    assert wanted[0]["environments"]["production"]["namespaces"] == ["shop-production"]
    text = yaml.safe_dump(yaml.safe_load(OPERATOR) | {"projects": wanted}).replace("CLUSTER", "dev")
    secrets = {"HOOK_SECRET": "0123456789abcdef", "TOKEN": "0123456789abcdef"}
    assert operator.parse(text, tmp_path / "pushboat.yaml", secrets).projects, "the operator may paste it"


def test_what_is_no_manifest_is_left_out(tmp_path: Path, pushboat: Pushboat) -> None:
    """My first push is not refused for values, dashboards and charts between the manifests."""
    root = tree(
        tmp_path / "shop",
        deploy__a_yaml=config_map("a"),
        deploy__app__b_yaml=config_map("b"),
        deploy__app__values_yaml="tag: v1\n",
        deploy__charts__x__Chart_yaml="name: x\n",
        deploy__charts__x__templates__c_yaml="{{ .Values.x }}\n",
    )
    (root / "deploy/dashboards").mkdir()
    (root / "deploy/dashboards/cpu.json").write_text("{}")
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    assert pushboat("init", root).returncode == 0
    written = (root / ".pushboat.yaml").read_text()
    assert '    exclude: ["values.yaml", "charts/", "dashboards/"]  # no manifests\n' in written
    assert repository.parse(written).environments["staging"].said["exclude"] == (
        "values.yaml",
        "charts/",
        "dashboards/",
    )


def test_the_operators_file_is_read_where_there_is_one(shop: Path, home: Path, pushboat: Pushboat) -> None:
    """It has my staging and calls the forge as it likes: I am told what is missing, in its names, to stand below it."""
    text = OPERATOR.replace(
        "github: {kind: github, url: http://127.0.0.1:9", "hub: {kind: github, url: https://github.com"
    )
    (home / "pushboat.yaml").write_text(text.replace("github/acme", "hub/acme"))
    done = pushboat("init", shop)
    (wanted,) = yaml.safe_load(done.stdout)
    assert (wanted["repository"], list(wanted["environments"])) == ("hub/acme/shop", ["production"])
    assert wanted["environments"]["production"]["cluster"] == "dev"
    done = pushboat("--config", home / "none.yaml", "init", shop)
    assert (done.returncode, "none.yaml" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://gitlab.example.com:8443/group/sub/shop.git", "lab/group/sub/shop"),
        ("ssh://git@gitlab.example.com/group/shop", "lab/group/shop"),
        ("git@gitea.example.org:acme/shop.git", "gitea/acme/shop"),
        ("/srv/git/team/shop.git", "local/team/shop"),
        ("file:///srv/git/shop.git", "local/shop"),
        ("/elsewhere/shop.git", "FORGE/shop"),
        ("", "FORGE/work"),
    ],
)
def test_a_repository_is_called_as_its_operator_calls_it(origin: str, name: str) -> None:
    """By the forge's address, or by the folder of a plain git server; who is not known is left to be filled in."""
    text = """
forges:
  lab: {kind: gitlab, url: https://gitlab.example.com:8443, webhook_secrets: [{env: S}], token: {env: S}}
  local: {kind: git, root: /srv/git, webhook_secrets: [{env: S}]}
clusters: {dev: {kubeconfig: /k}}
projects: []
"""
    known = operator.parse(text, "pushboat.yaml", {"S": "0123456789abcdef"})
    assert repository_of(known, origin, Path("/work")) == name


def test_a_path_that_is_not_there_is_said(shop: Path, pushboat: Pushboat) -> None:
    """I misspelt it: I learn that now, and not from a push that fails."""
    (shop / ".pushboat.yaml").write_text("environments: {live: {branch: trunk, path: k8s/overlay/production}}\n")
    done = pushboat("init", shop)
    assert done.returncode == 1
    assert "names what is not: k8s/overlay/production" in done.stderr
    assert done.stdout == ""


def test_a_branch_of_mine_is_not_taken_for_the_main_one(tmp_path: Path, pushboat: Pushboat) -> None:
    """I try it on a branch: what it writes follows main."""
    root = tree(tmp_path / "shop", deploy__a_yaml=config_map("a"))
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "-C", str(root), *who, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run(["git", "-C", str(root), "checkout", "-q", "-b", "feature/x"], check=True)
    assert pushboat("init", root).returncode == 0
    assert repository.parse((root / ".pushboat.yaml").read_text()).environments["staging"].said["branch"] == "main"
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    done = pushboat("init", bare)
    assert (done.returncode, "a clone of it" in done.stderr) == (2, True)


def test_a_file_that_is_there_is_left(shop: Path, pushboat: Pushboat) -> None:
    """I wrote mine by hand: it stays as it is, and I read what it lacks."""
    mine = "environments:\n  live: {branch: trunk, path: k8s/overlays/production}\n"
    (shop / ".pushboat.yaml").write_text(mine)
    done = pushboat("init", shop)
    assert done.returncode == 1
    assert (shop / ".pushboat.yaml").read_text() == mine
    assert "staging:" in done.stdout
    assert "k8s/overlays/production" not in done.stdout.partition("projects:")[0]
    (shop / ".pushboat.yaml").write_text("environments: {live: {bransh: trunk}}\n")
    done = pushboat("init", shop)
    assert done.returncode == 1
    assert "bransh" in done.stderr


def test_a_chart_becomes_an_environment_for_each_of_its_values_files(tmp_path: Path) -> None:
    """What is in a chart is its own matter, and a library is nothing to deploy."""
    root = tree(
        tmp_path,
        charts__shop__Chart_yaml="name: shop\n",
        charts__shop__values_yaml="a: 1\n",
        charts__shop__templates__a_yaml=config_map("a"),
        charts__shop__charts__cache__Chart_yaml="name: cache\n",
        charts__api__Chart_yaml="name: api\n",
        charts__common__Chart_yaml="name: common\ntype: library\n",
        **{"charts__shop__values-staging_yaml": "a: 2\n", "charts__shop__values-production_yaml": "a: 3\n"},
    )
    text = repository_file(look(root), "main")
    assert {name: one.said for name, one in repository.parse(text).environments.items()} == {
        "api": {"branch": "main", "path": "charts/api"},
        "staging": {"branch": "main", "path": "charts/shop", "helm": Helm(values=("values-staging.yaml",))},
        "production": {"path": "charts/shop", "helm": Helm(values=("values-production.yaml",))},
    }


def test_where_there_is_nothing_it_says_so(tmp_path: Path, pushboat: Pushboat) -> None:
    """No repository is a mistake of mine; a repository without manifests has nothing to deploy yet."""
    done = pushboat("init", tmp_path)
    assert (done.returncode, "git init" in done.stderr) == (2, True)
    root = tree(
        tmp_path / "empty", chart__Chart_yaml="name: x\ntype: library\n", chart__templates__a_yaml=config_map("a")
    )
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    done = pushboat("init", root)
    assert done.returncode == 1
    assert "nothing to deploy yet" in done.stderr
    assert not (root / ".pushboat.yaml").exists()


@pytest.mark.parametrize(
    "example", sorted(each for each in (ROOT / "examples").iterdir() if each.is_dir()), ids=lambda each: each.name
)
def test_it_finds_what_our_examples_deploy(example: Path) -> None:
    """What it writes for each of them is accepted, and names the folder that its own file names."""
    found = look(example)
    written = repository.parse(repository_file(found, "main")).environments
    assert {one.said["path"] for one in written.values()}
    file = example / ".pushboat.yaml"
    known = repository.parse(file.read_text()).environments if file.exists() else {}
    assert {one.said["path"] for one in known.values()} <= {each.path for each in found}


def test_plain_folders_side_by_side_are_one_each(tmp_path: Path) -> None:
    """The topmost folder with manifests is one; two of a name are told apart, and no word of ours is a name."""
    root = tree(
        tmp_path,
        api__deploy__a_yaml=config_map("a", namespace="api"),
        api__deploy__more__b_yaml=config_map("b"),
        web__deploy__a_yaml=config_map("a"),
        envs__plan__a_yaml=config_map("a"),
        docs__broken_yaml="{[",
    )
    found = {each.path: each.name for each in look(root)}
    assert found == {"api/deploy": "api", "web/deploy": "web", "envs/plan": "envs"}


def test_hostile_names_stay_texts() -> None:
    """A branch and a repository whose names are YAML are written so that they are read back as they are."""
    found = look(ROOT / "examples" / "plain")
    branch = "on: {yes}"
    with pytest.raises(Exception, match="branch"):
        repository.parse(repository_file(found, branch))  # git has no such branch, and we say so
    name = "github/acme/- {x: y}"
    assert yaml.safe_load(operators_lines(found, name, "dev"))["projects"][0]["repository"] == name


STRANGE = {
    "a list that is a number": "resources: 3\nnamespace: shop\n",
    "a list of lists": "a: &a [x, x]\nb: &b [*a, *a]\nresources: [*b, {c: d}]\n",
    "a namespace that a tool puts in": "namespace: ${NAMESPACE}\n",
    "a namespace that is a number": "namespace: 7\n",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_strange_in_a_repository_is_no_end(shop: Path, pushboat: Pushboat, text: str) -> None:
    """One kustomization is not what I think it is: the file that I get is right all the same."""
    tree(shop, k8s__overlays__qa__kustomization_yaml=text)
    (shop / "k8s" / "overlays" / ("q" * 90)).mkdir()
    tree(shop / "k8s" / "overlays" / ("q" * 90), kustomization_yaml="resources: [../../base]\n")
    (shop / "k8s" / "gone").mkdir()
    (shop / "k8s" / "gone" / "kustomization.yaml").symlink_to("nowhere")
    done = pushboat("init", shop)
    assert done.returncode == 0, done.stderr
    said = repository.parse((shop / ".pushboat.yaml").read_text()).environments
    assert {"staging", "production", "qa"} <= said.keys()


@pytest.mark.parametrize("kind", ["a link that leads out", "a folder"])
def test_nothing_is_written_where_no_file_stands(shop: Path, pushboat: Pushboat, kind: str) -> None:
    """Somebody's repository has a link for its file, to a place of mine: nothing is written there."""
    file, outside = shop / ".pushboat.yaml", shop.parent / "outside"
    if kind == "a folder":
        file.mkdir()
    else:
        file.symlink_to(outside)
    done = pushboat("init", shop)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is a link or a folder" in done.stderr
    assert not outside.exists()
