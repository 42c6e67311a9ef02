"""What may happen: people leave, rise and fall vacant; paths, not averages."""
