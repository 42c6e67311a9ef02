"""What we expect: demand, attrition, moves, expected stocks and the gap."""
