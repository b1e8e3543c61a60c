"""Pictures and clips, drawn and encoded on the spot: the only part of the simulator that needs the `media` extra."""
