"""What is measured, by subject; each module runs in a process of its own."""
