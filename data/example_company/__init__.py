"""The example company: what is true of it, how its people came and went, and the tables a planner would hold."""
