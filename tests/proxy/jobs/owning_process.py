"""A process that owns until its input ends: `python -m ... FOLDER`; prints its id."""

import sys
from pathlib import Path

from proxy.jobs.owner import Owner

if __name__ == "__main__":
    with Owner.acquire(Path(sys.argv[1])) as owner:
        sys.stdout.write(f"{owner.id}\n")
        sys.stdout.flush()
        sys.stdin.read()
