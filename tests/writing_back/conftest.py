"""The pinned kustomize, and no other one."""

from tests.rendering.conftest import real_kustomize

__all__ = ["real_kustomize"]
