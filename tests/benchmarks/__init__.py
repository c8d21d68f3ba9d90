"""How fast the system is, measured against plain ways of doing the same in the same run."""
