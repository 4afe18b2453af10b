"""Jobs of a forge's CI at the door of the API: their tokens read, proved, and held against the operator's rules."""
