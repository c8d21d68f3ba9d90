"""The ground floor: no table and no subject of its own."""
