"""What people are told: in the bell, by mail, and proof of both."""
