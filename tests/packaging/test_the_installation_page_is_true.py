"""docs/installation.md names files, commands and options that there are; what it says to type is read, not run.

What needs root, a container engine or somebody's cluster cannot run here. The wheel, the overlays, the chart and the
units have tests of their own.
"""

import re
import shlex

import pytest
import yaml

from tests import forked
from tests.packaging import image
from tests.serving import ROOT

PAGE = (ROOT / "docs/installation.md").read_text()
TYPED = [
    line.partition("  #")[0].rstrip("\\ ")
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S)
    for line in block.splitlines()
]
PROGRAMS = {
    "make",
    "uv",
    "pushboat",
    "systemctl",
    "docker",
    "cp",
    "install",
    "kubectl",
    "helm",
    "--read-only",
    "--volume",
}


def test_every_file_that_it_names_is_there() -> None:
    """Whoever follows the page finds each file, also those of the commands."""
    named = set(re.findall(r"(?<![\w/])(deploy/[\w./@-]*[\w@])", PAGE))
    made = {"deploy/.env", "deploy/pushboat.yaml", "deploy/kubeconfig"}  # by `cp` and `install` on the page
    assert len(named) > 8
    assert [name for name in sorted(named - made) if not (ROOT / name).exists()] == []
    assert {f"deploy/{name}" for name in re.findall(r"(?:cp|install -m 640 -g 65532) \S+ deploy/(\S+)", PAGE)} == made
    assert set(re.findall(r"\]\(([\w/-]+\.md)", PAGE)) == {"configuration/README.md"}


def test_every_command_is_one_that_it_may_name() -> None:
    """A line of a block starts with a program that is known to whoever reads, or goes on with the line above."""
    assert len(TYPED) > 12
    assert {shlex.split(line)[0] for line in TYPED if line.strip()} <= PROGRAMS
    targets = re.findall(r"(?m)^([\w-]+):", (ROOT / "Makefile").read_text())
    assert all(line.split()[1] in targets for line in TYPED if line.startswith("make "))


@pytest.mark.parametrize("words", sorted({tuple(re.findall(r"^pushboat (.+)$", line)) for line in TYPED} - {()}))
def test_every_command_of_ours_exists(words: tuple[str]) -> None:
    """Each of our commands that a block types is one that Pushboat has."""
    said = shlex.split(words[0])
    done = forked.pushboat([*said, *([] if said == ["--version"] else ["--help"])], cwd=ROOT, env={})
    assert done.returncode == 0, done.stderr


def test_the_overlay_that_it_shows_is_one() -> None:
    """What it says to write in a copy of an overlay is a kustomization that names the overlays' own image and file."""
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    shown = yaml.safe_load(block)
    shipped = yaml.safe_load((ROOT / "deploy/kustomize/overlays/high-availability/kustomization.yaml").read_text())
    assert (ROOT / "deploy/kustomize/overlays/ours" / shown["resources"][0]).resolve().is_dir()
    assert shown["images"][0]["name"] == shipped["images"][0]["name"]
    assert shown["configMapGenerator"] == shipped["configMapGenerator"]


def test_the_image_can_be_built_of_what_the_engine_is_shown() -> None:
    """I type `docker build`: what the Dockerfile copies is neither missing nor left out by .dockerignore."""
    assert image.excluded(image.copied()) == []
    assert [name for name in image.copied() if not (ROOT / name).exists()] == []
