"""The engine room: what happens to a deployment after it was accepted. Never imports the front door or Flask."""
