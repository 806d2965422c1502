"""Cases: test questions where one part of the ranking decides most, each with its numbers, a note and an export."""
