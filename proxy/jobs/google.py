"""Google as the jobs see it: the door, the credentials that open it, and the table of its models."""

from dataclasses import dataclass

from proxy.credentials.credential import Credential
from proxy.credentials.pool import CredentialPool
from proxy.jobs.job import Job, JobTarget
from proxy.upstream import Upstream
from translators.catalog import Catalog
from translators.errors import NotFound
from translators.google_errors import ErrorContext
from translators.google_errors import Target as About
from translators.resolve import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Google:
    """What every step of a job needs to reach Google."""

    upstream: Upstream
    pool: CredentialPool
    catalog: Catalog

    def credential(self, job: Job) -> Credential:
        """The credential the job is pinned to, and no other. Raises Unavailable when it is configured no more."""
        return self.pool.get(pinned(job).credential_id)

    def target(self, job: Job) -> Target:
        """The catalogue's view of the model the job is pinned to. Raises NotFound when it has left the catalogue."""
        chosen = pinned(job)
        model = self.catalog.find(chosen.model)
        if model is None or chosen.surface not in model.served:
            raise NotFound(f"{chosen.model} has left the catalogue.", param="model", code="model_not_found")
        return Target(
            credential_id=chosen.credential_id, surface=chosen.surface, model=model, upstream_id=chosen.upstream_id
        )

    def about(self, job: Job, what: About, *, paid_submit: bool = False) -> ErrorContext:
        """What an error of one of the job's calls may tell."""
        chosen = pinned(job)
        project = self.pool.get(chosen.credential_id).project
        return ErrorContext(
            credential=chosen.credential_id,
            model=chosen.upstream_id,
            project=project,
            target=what,
            paid_submit=paid_submit,
        )


def pinned(job: Job) -> JobTarget:
    """The target of a claimed job. Raises TypeError for one that has none, which is a fault of this program."""
    if job.pinned is None:
        raise TypeError(f"{job.id} is pinned to no credential")
    return job.pinned
