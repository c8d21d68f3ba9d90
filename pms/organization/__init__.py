"""The company: sites, departments, the people who work there, and who holds which post when."""
