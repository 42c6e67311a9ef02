"""What to do: hire, develop, move, release, under the budget."""
