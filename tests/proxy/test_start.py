"""What a start of the server loads: nothing that is needed by some requests only."""

import subprocess
import sys

HEAVY = (
    "google",
    "requests",
    "httpx2",
    "cryptography",
    "av",
    "PIL",
    "proxy.simulator",
    "matplotlib",
    "openai",
    "prometheus_client",
)


def test_a_start_loads_nothing_heavy() -> None:
    """Google's libraries alone cost a second and 50 MB; drawing, encoding and webhooks wait for who uses them."""
    script = "import sys, proxy.app, proxy.cli.serve; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "proxy.app" in loaded
    assert [name for name in loaded if name in HEAVY or name.startswith(tuple(f"{one}." for one in HEAVY))] == []
