"""Corrective actions (是正処置): one register for whatever goes wrong, closed by three locks."""
