"""What holds for every test."""

import os

from hypothesis import settings

# The suite says the same on every machine: no clock decides, and no draw differs from the last run's.
# HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
