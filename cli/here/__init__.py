"""`pushboat plan --here`: what the files of a work tree would change, before there is a commit of them."""
