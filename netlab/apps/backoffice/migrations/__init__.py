"""How the tables of the back office came to be."""
