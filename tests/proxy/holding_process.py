"""A process that holds a name until its input ends: `python -m ... FILE NAME`; says whether it got it."""

import sys
from pathlib import Path

from proxy.name_locks import NameLocks

if __name__ == "__main__":
    locks = NameLocks(Path(sys.argv[1]))
    sys.stdout.write(f"{locks.take(sys.argv[2])}\n")
    sys.stdout.flush()
    sys.stdin.read()
