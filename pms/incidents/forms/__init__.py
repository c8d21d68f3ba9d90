"""Forms of incidents; what they send is judged by the services."""
