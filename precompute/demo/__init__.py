"""The demo world: a catalogue drawn by code and simulated people who search it."""
