"""Gates: somebody outside is asked, by a signed question, whether a deployment may go on; silence never means yes."""
