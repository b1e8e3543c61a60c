"""Clients speak OpenAI; Google does the work; here the one is turned into the other, and nothing else happens.

No I/O, no clock, no dice, no logging, no environment: ids, times and settings arrive as arguments.
"""
