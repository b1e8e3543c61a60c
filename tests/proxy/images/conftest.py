"""A proxy in front of a simulated Google, as the whole-program tests have it."""

from tests.proxy.e2e.conftest import start

__all__ = ["start"]
