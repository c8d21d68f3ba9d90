"""What training takes in as tables."""
