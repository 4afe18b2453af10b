"""What a kustomization's word for a place elsewhere means: one repository, one folder, one ref, or one file."""

import pytest

from workers.render.kustomize.addresses import Address, address_of

GITHUB = "https://github.com/acme/base"
BASES = {
    f"{GITHUB}//deploy?ref=v1": ("https://github.com/acme/base", "deploy", "v1"),
    f"{GITHUB}/deploy/web?ref=v1": ("https://github.com/acme/base", "deploy/web", "v1"),
    f"{GITHUB}?ref=feature/x": ("https://github.com/acme/base", "", "feature/x"),
    "github.com/acme/base": ("https://github.com/acme/base", "", ""),
    "git@github.com:acme/base.git//deploy?ref=v1": ("https://github.com/acme/base", "deploy", "v1"),
    "ssh://git@git.example.com/acme/base.git/deploy/?version=v1": ("https://git.example.com/acme/base", "deploy", "v1"),
    "git::https://git.example.com/a/b/c//x/./y?ref=v1&timeout=90s&submodules=false": (
        "https://git.example.com/a/b/c",
        "x/y",
        "v1",
    ),
    "https://GIT.example.com/a/b.git": ("https://git.example.com/a/b", "", ""),
    "https://git.example.com/a/b//deploy/all.yaml?ref=v1": ("https://git.example.com/a/b", "deploy/all.yaml", "v1"),
}
NONE = {
    "https://git.example.com/acme/base": "does not say where the repository ends",
    "https://git.example.com/a/b//../c": "names no folder of a repository",
    "https://git.example.com/a/b//x?depth=1": "has 'depth' behind its '?'",
    "https://git.example.com/a/b//x?ref=v1&version=v2": "has no one ref",
    "https://git.example.com/a/b//x?ref=--upload-pack=x": "has no one ref",
    "https://me:secret@git.example.com/a/b.git": "must not have credentials",
    "http://git.example.com/a/b.git": "is plain http",
    "http://169.254.169.254/latest/x.yaml": "is plain http",
    "file:///etc/passwd": "is no address",
    "gh:acme/base": "is no address",
    "oci://registry.example.com/x": "is no address",
    "s3::https://s3.example.com/bucket/x.zip": "is no address",
}


@pytest.mark.parametrize("word", BASES)
def test_a_base_has_a_repository_a_folder_and_a_ref(word: str) -> None:
    """Whatever way people write it, it is one address to compare."""
    found = address_of(word)
    assert (found.outside.address, found.folder, found.outside.asked) == BASES[word]
    assert found.outside.kind == "base"


def test_what_ends_like_a_manifest_is_a_file() -> None:
    """One file: without a ref, for nothing but its digest counts."""
    found = address_of("https://example.com/crds/v1/all.yaml")
    assert found == Address(outside=found.outside)
    assert (found.outside.kind, found.outside.address) == ("file", "https://example.com/crds/v1/all.yaml")


@pytest.mark.parametrize("word", NONE)
def test_what_has_two_meanings_has_none(word: str) -> None:
    """Where kustomize would guess, or ask somebody whom nobody should: refused, with how to write it."""
    with pytest.raises(ValueError, match=NONE[word]) as refused:
        address_of(word)
    assert "https://HOST/REPOSITORY//FOLDER?ref=TAG" in str(refused.value)
    assert "secret" not in str(refused.value)
