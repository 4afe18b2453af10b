"""`pushboat simulate`: how a delivery is read and what it would do, step by step and offline."""
