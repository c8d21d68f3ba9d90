"""Imports and exports of tables: one machinery for every subject."""
