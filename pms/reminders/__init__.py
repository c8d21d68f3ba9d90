"""Who was reminded of what, when: one ledger that no outage can tear."""
