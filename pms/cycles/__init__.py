"""The plan-do-check-act year that everything is filed under."""
