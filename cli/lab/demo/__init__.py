"""`pushboat demo`: the main job, for real, on this machine: a control plane, a repository, a few pushes."""

from cli.lab.demo.command import demo

__all__ = ["demo"]
