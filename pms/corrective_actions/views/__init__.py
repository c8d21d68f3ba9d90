"""Pages of corrective actions."""
