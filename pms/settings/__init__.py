"""Settings: `base` holds everything, the other modules hold only what differs."""
