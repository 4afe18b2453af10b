"""`pushboat mcp`: what an assistant may see of a Pushboat, and ask of it where its owner allows that."""
