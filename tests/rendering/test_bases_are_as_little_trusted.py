"""Whoever writes a base reads nothing of mine, starts nothing here, and cannot keep me building for ever."""

from collections.abc import Mapping

import pytest

from pushboat.errors import DeploymentFailed
from pushboat.model.outside import FILE, Locked, Outside
from tests.fakes.bare import Link
from tests.rendering.elsewhere import Elsewhere, Rendering, elsewhere, rendered
from tests.written import config_map
from workers.source.outside.keeping import digest_of

__all__ = ["elsewhere", "rendered"]

pytestmark = pytest.mark.programs

HOSTILE: Mapping[str, tuple[Mapping[str, str | Link], str]] = {
    "a folder of ours": (
        {"kit/kustomization.yaml": "resources: [../../../secret]"},
        r"//kit/kustomization\.yaml:1:13: '\.\./\.\./\.\./secret' leads out of 127",
    ),
    "a file of ours": (
        {"kit/kustomization.yaml": "configMapGenerator: [{name: x, files: [../../../secret/a.yaml]}]"},
        "lies outside of the folder",
    ),
    "a component of ours": (
        {"kit/kustomization.yaml": "resources: [web.yaml]\ncomponents: [../../../over]"},
        "leads out of 127",
    ),
    "a chart of ours": (
        {"kit/kustomization.yaml": "helmGlobals: {chartHome: ../../../over/charts}\nhelmCharts: [{name: web}]"},
        r"//kit/kustomization\.yaml:1:26: '\.\./\.\./\.\./over/charts' leads out of 127",
    ),
    "a chart put among ours": (
        {
            "kit/kustomization.yaml": "helmGlobals: {chartHome: ../../../over/charts}\n"
            "helmCharts: [{name: far, repo: 'https://charts.example.com'}]"
        },
        r"//kit/kustomization\.yaml:1:26: '\.\./\.\./\.\./over/charts' leads out of 127",
    ),
    "a link out of it": ({"kit/web.yaml": Link("../../../../etc/passwd")}, "web.yaml"),
    "a link to ours": ({"kit/web.yaml": Link("../../../secret/a.yaml")}, "web.yaml"),
    "a pointer": (
        {"kit/web.yaml": f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"},
        r"//kit/kustomization\.yaml:1:13: kit/web\.yaml is a Git LFS pointer",
    ),
    "a generator that runs": (
        {
            "kit/kustomization.yaml": "generators: [run.yaml]",
            "kit/run.yaml": "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n"
            "    config.kubernetes.io/function: 'exec: {path: /bin/sh}'\n",
        },
        "functions .* are not supported",
    ),
    "an address within": (
        {"kit/kustomization.yaml": "resources: ['http://169.254.169.254/latest/x.yaml']"},
        r"is plain http",
    ),
    "itself": ({"kit/kustomization.yaml": "resources: [../kit]"}, "cycle|circle|twice|itself"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_comes_is_as_little_trusted_as_what_is_pushed(
    name: str, elsewhere: Elsewhere, rendered: Rendering
) -> None:
    """Whoever writes the other repository reads no file of mine and starts nothing here."""
    files, words = HOSTILE[name]
    elsewhere.locked(sha=elsewhere.bare.commit("main", files, "Try"))
    with pytest.raises(DeploymentFailed, match=words):
        rendered(
            {
                "over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n",
                "secret/kustomization.yaml": "resources: [a.yaml]\n",
                "secret/a.yaml": config_map("secret"),
                "over/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "over/charts/web/templates/a.yaml": config_map("secret"),
            }
        )


CIRCLES = {
    "itself": {"kit/kustomization.yaml": "resources: [web.yaml, '{url}//kit?ref=v1']\n"},
    "over a folder of its own": {
        "kit/kustomization.yaml": "resources: [../more]\n",
        "more/kustomization.yaml": "resources: ['{url}//kit?ref=v1']\n",
    },
    "over another folder by address": {
        "kit/kustomization.yaml": "components: ['{url}//part?ref=v1']\n",
        "part/kustomization.yaml": "resources: ['{url}.git/kit?ref=v1']\n",
    },
}

CLOSED = r"//\w+/kustomization\.yaml:1:\d+: base .*/team/base at v1 leads to its own folder 'kit' again: remove"


@pytest.mark.parametrize("name", CIRCLES)
def test_a_base_that_leads_to_itself_is_told(name: str, elsewhere: Elsewhere, rendered: Rendering) -> None:
    """By its address, however far around: refused at the word that closes the circle, without going round it."""
    files = {path: text.format(url=elsewhere.address) for path, text in CIRCLES[name].items()}
    elsewhere.locked(sha=elsewhere.bare.commit("main", files, "Circle"))
    with pytest.raises(DeploymentFailed, match=CLOSED) as told:
        rendered({"over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n"})
    assert "/.o" not in told.value.summary, "the name of our own place"


def test_many_bases_end(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """A kustomization that names more than anybody builds upon is refused, and no more are brought."""
    content = config_map("far").encode()
    addresses = [f"{elsewhere.host.url}/{number}.yaml" for number in range(51)]
    for each in addresses:
        elsewhere.host.files[each.rpartition("/")[2]] = content
        outside = Outside(kind=FILE, address=each)
        elsewhere.lock[outside] = Locked(outside=outside, digest=digest_of(content))
    with pytest.raises(DeploymentFailed, match="more than 50 bases and files from elsewhere"):
        rendered({"over/kustomization.yaml": f"resources: {addresses}\n"})
    assert len(elsewhere.host.requests) == 50
