"""The product as it is shipped: `mediashim serve`, one worker, with a key, validation, a log and durable jobs."""

import sys
from pathlib import Path
from typing import Any

import yaml

KEY = "sk-bench-0123456789abcdef"
"""What callers show."""


def command(folder: Path, upstream: str, *, surface: str = "gemini", more: dict[str, Any] | None = None) -> list[str]:
    """How it is started with data and configuration in the folder; `more` adds to the configuration."""
    credential = {"api-key": "AIza-bench", "base-url": upstream}
    settings: dict[str, Any] = {
        "port": 0,
        "data-dir": str(folder / "data"),
        "api-keys": [KEY],
        f"{surface}-api-key": [credential],
        "jobs": {"concurrency": 100_000, "submits-per-minute": 1_000_000, "queue-length": 100_000},
        "log": {"level": "info", "format": "json"},
        **(more or {}),
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings))
    return [sys.executable, "-m", "proxy", "serve", "--config", str(path)]
