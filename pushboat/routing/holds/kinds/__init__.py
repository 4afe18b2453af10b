"""Kinds of hold, one file each: what it says, who ends it and how, and which deployments begin with one."""
