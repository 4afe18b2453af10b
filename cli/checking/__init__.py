"""`pushboat check`: what a commit of this work tree would be told, before there is one."""
