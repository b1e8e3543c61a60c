"""How many processes `--numprocesses auto` means; pytest-xdist asks the conftest at the top."""

import os


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: four tests in ten wait for a server of their own."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)
