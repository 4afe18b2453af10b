"""A push that cannot run says why, where, and who must do what; nothing else of it is applied."""

import pytest

from tests.stories.conftest import Shop
from tests.written import config_map, definition, deployment, repository_file

RED = {"github": "failure", "gitlab": "failed", "gitea": "failure"}


def test_a_yaml_error_names_file_and_line(any_shop: Shop) -> None:
    """I indent wrongly and read in the status which file and line."""
    sha = any_shop.push({"deploy/web.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: a\n b: 1\n"})
    sentence = any_shop.status(sha, RED[any_shop.forge_name])
    assert "deploy/web.yaml:5" in sentence
    assert any_shop.ended(sha)["state"] == "failed"


def test_a_file_that_cannot_be_read_hides_no_mistake_of_the_others(shop: Shop) -> None:
    """Three files, three mistakes: I read of all in the status, and the next push is green."""
    foreign = config_map("b").replace("name: b", "name: b\n  namespace: kube-system")
    coming = "apiVersion: not.there/v1\nkind: Perhaps\nmetadata: {name: c}\n"  # the file that is broken may define it
    broken = {
        "deploy/a.yaml": "a: [\n",
        "deploy/b.yaml": foreign,
        "deploy/c.yaml": coming,
        "deploy/d.yaml": deployment().replace("replicas: 1", "replcas: 1"),
    }
    sha = shop.push(broken)
    assert "deploy/a.yaml:2" in (sentence := shop.status(sha, "failure"))
    assert "(and 2 more)" in sentence
    ended = shop.served.get(f"/api/v1/deployments/{shop.ended(sha)['id']}")
    lines = ended["details"].splitlines()
    assert [line.split(":")[0] for line in lines] == ["- deploy/a.yaml", "- deploy/b.yaml", "- deploy/d.yaml"]
    assert "did you mean replicas?" in lines[2]


def test_an_unknown_field_is_refused(shop: Shop) -> None:
    """I misspell a field: it is refused by name and place, with the name that I meant, and nothing is applied."""
    text = deployment().replace("replicas: 1", "replicsa: 1")
    sha = shop.push({"deploy/web.yaml": text, "deploy/settings.yaml": config_map()})
    sentence = shop.status(sha, "failure")
    assert "deploy/web.yaml:6:3" in sentence
    assert "unknown field spec.replicsa: did you mean replicas?" in sentence
    assert "Deployment/" in sentence
    assert shop.cluster.config_map(shop.namespace, "settings") is None


@pytest.mark.proves("limits")
def test_a_namespace_that_the_operator_did_not_allow(shop: Shop) -> None:
    """I try to write into kube-system: refused before anything is applied, also what was allowed beside it."""
    foreign = config_map("intruder").replace("name: intruder", "name: intruder\n  namespace: kube-system")
    sha = shop.push({"deploy/a.yaml": config_map("mine"), "deploy/b.yaml": foreign})
    sentence = shop.status(sha, "failure")
    assert "deploy/b.yaml:7:14" in sentence
    assert "kube-system" in sentence
    assert shop.cluster.config_map("kube-system", "intruder") is None
    assert shop.cluster.config_map(shop.namespace, "mine") is None


def test_a_mistake_in_the_repositorys_file_is_red_on_the_commit(any_shop: Shop) -> None:
    """My `.pushboat.yaml` has a typo: the commit says so under `pushboat` and under each environment it names."""
    sha = any_shop.push({".pushboat.yaml": "environments:\n  staging:\n    brunch: main\n    path: deploy\n"})
    red = RED[any_shop.forge_name]
    for context in ("pushboat", "pushboat/staging"):
        sentence = any_shop.status(sha, red, context=context)
        assert ".pushboat.yaml:3" in sentence
        assert "brunch" in sentence
    assert any_shop.served.deployments(any_shop.repository) == []


def test_an_environment_that_the_operator_does_not_know(shop: Shop) -> None:
    """I invent an environment: the refusal tells me what the operator must add."""
    sha = shop.push({".pushboat.yaml": repository_file("moon")})
    sentence = shop.status(sha, "failure", context="pushboat")
    assert "moon" in sentence
    assert "operator" in sentence


def test_a_definition_comes_together_with_its_first_object(shop: Shop) -> None:
    """I push a CRD and an object of it in one commit: the definition goes first, and both are there."""
    group = f"{shop.name.rpartition('/')[2]}.example.com"
    boat = f"apiVersion: {group}/v1\nkind: Boat\nmetadata: {{name: tug}}\nspec: {{size: 3}}\n"
    sha = shop.push({"deploy/a-boat.yaml": boat, "deploy/z-crd.yaml": definition("boats", "Boat", group)})
    ended = shop.ended(sha)
    assert (ended["state"], ended["objects"]["created"]) == ("succeeded", 2)
    assert shop.cluster.get(f"/apis/{group}/v1/namespaces/{shop.namespace}/boats/tug")["spec"] == {"size": 3}


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("crash-loop", ("Deployment/", "web", "CrashLoopBackOff", "exit 1", "out of memory bananas")),
        ("image-pull", ("Deployment/", "web", "ImagePullBackOff")),
    ],
)
def test_pods_that_do_not_run_are_named_with_their_reason(shop: Shop, behaviour: str, words: tuple[str, ...]) -> None:
    """When the time that I grant is over, the status is red with the pod's own reason and last state."""
    good = shop.push({"deploy/web.yaml": deployment()})
    shop.ended(good)
    sha = shop.push(
        {
            ".pushboat.yaml": repository_file(wait="15s"),
            "deploy/web.yaml": deployment(
                image="registry.example/web:2", behaviour=behaviour, message="out of memory bananas"
            ),
        }
    )
    sentence = shop.status(sha, "failure", within=120)
    ended = shop.ended(sha)
    for word in words:
        assert word in ended["reason"]
    assert len(sentence) <= 140
    assert words[2] in sentence
    page = shop.served.page(f"/deployments/{ended['id']}")
    for word in words:
        assert word in page
    assert shop.cluster.deployment(shop.namespace, "web")["status"]["availableReplicas"] == 1
