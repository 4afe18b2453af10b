"""`pushboat sources`: pin what renders fetch from outside of the repository."""
