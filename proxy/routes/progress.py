"""What is going on with a job, in one sentence for people who wait."""

from proxy.jobs.google import pinned
from proxy.jobs.job import Job, JobState
from proxy.services import Services


async def sentence(services: Services, job: Job) -> str:
    """Where the job stands; its id is in every sentence, because it outlives the connection."""
    match job.state:
        case JobState.QUEUED:
            ahead = await services.desk.position(job)
            return f"Video job {job.id} is queued" + (f", {ahead} before it." if ahead else ".")
        case JobState.SUBMITTING:
            return f"Video job {job.id} is being submitted to {pinned(job).upstream_id}."
        case JobState.RUNNING:
            now = services.clock.now()
            seconds = (now - job.submitted_at).total_seconds() if job.submitted_at is not None else 0.0
            percent = services.history.progress(job, now)
            return f"Video job {job.id}: Google is at work, {seconds:.0f} s (about {percent} %, an estimate)."
        case JobState.FETCHING:
            return f"Video job {job.id}: Google is done; the video is being fetched."
        case JobState.UNCERTAIN:
            return f"Video job {job.id}: the answer to its submission was lost; its videos are being looked for."
        case _:
            return f"Video job {job.id} is {job.state.value}."
