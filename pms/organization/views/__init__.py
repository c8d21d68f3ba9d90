"""Pages of the organization, one module a subject."""
