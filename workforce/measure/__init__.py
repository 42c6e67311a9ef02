"""What it means: indicators, alerts, succession cover, and what must not be shown."""
