"""Read, check, freeze: what a run is given. Knows no model."""
