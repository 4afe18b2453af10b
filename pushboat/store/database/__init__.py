"""The database itself: how it is opened, its tables, and how they came to be."""
