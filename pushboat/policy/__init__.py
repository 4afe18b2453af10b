"""What is good practice, as rules over objects: pure, and the same before a push and before a deployment."""
