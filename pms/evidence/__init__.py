"""Files that prove something, attached to any record."""
