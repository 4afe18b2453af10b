"""The custom kinds that people deploy most: one row each in the table, one file per family of controllers."""
