"""The folder in which the workers of one run of a supervisor leave what they have counted (`metrics/sharing.py`).

<data-dir>/metrics/<run>/         one run; gone when it ends
<data-dir>/metrics/owners/        who runs (`jobs/owner.py`): what a killed supervisor left goes at the next start
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from proxy.jobs.owner import Owner

log = logging.getLogger("mediashim")

OWNERS = "owners"


@contextmanager
def run_folder(data_dir: Path) -> Iterator[Path | None]:
    """A new folder, removed at the end; None where none can be made, and then each worker tells its own counts only."""
    folder = data_dir / "metrics"
    try:
        owner = Owner.acquire(folder)
    except OSError as error:
        log.warning("the workers' counts cannot be added up: %s", error.strerror)
        yield None
        return
    with owner:
        _forget(folder, owner.alive)
        run = folder / owner.id
        run.mkdir(mode=0o700)
        try:
            yield run
        finally:
            shutil.rmtree(run, ignore_errors=True)


def _forget(folder: Path, alive: Callable[[str], bool]) -> None:
    """Remove the runs that ended without doing so themselves."""
    for run in folder.iterdir():
        if run.name != OWNERS and not alive(run.name):
            shutil.rmtree(run, ignore_errors=True)
