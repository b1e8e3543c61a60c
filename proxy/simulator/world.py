"""Everything one simulated Google holds, wired together."""

from collections.abc import Callable
from datetime import timedelta

from proxy.simulator.access import Access, api_key
from proxy.simulator.bucket import Buckets
from proxy.simulator.call import Call
from proxy.simulator.consent import ConsentDesk
from proxy.simulator.faults import FaultBook
from proxy.simulator.files import FileShelf
from proxy.simulator.interactions_store import InteractionStore
from proxy.simulator.ledger import Ledger
from proxy.simulator.media.studio import Media, Studio
from proxy.simulator.models import Lifecycle
from proxy.simulator.oauth import TokenDesk
from proxy.simulator.settings import SimulatorSettings
from proxy.simulator.video_jobs import VideoJobs


class World:
    """The state behind the routes; `close()` it when the server stops."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.settings = settings
        self.studio = Studio()
        self.faults = FaultBook(settings.faults)
        self.ledger = Ledger(kept=settings.requests_kept, journal=settings.journal)
        self.tokens = TokenDesk(clock=settings.token_now or settings.now, lifetime=settings.token_lifetime)
        self.consent = ConsentDesk(tokens=self.tokens)
        self.access = Access(settings, self.tokens)
        self.lifecycle = Lifecycle(
            alive_veo_on_gemini=settings.alive_veo_on_gemini,
            code_assist_images=settings.code_assist_images,
            retired=settings.retired,
            revived=settings.revived,
        )
        self.files = FileShelf(settings.now, settings.file_retention, timedelta(seconds=settings.upload_latency))
        self.buckets = Buckets(settings.now, settings.buckets, settings.objects)
        self.jobs = VideoJobs(settings, self.ledger, self.studio)
        self.interactions = InteractionStore()
        self.download_origin: str | None = None
        """Where downloads are redirected to; None means the origin that was asked."""
        self.drop_connection: Callable[[tuple[str, int], bool], bool] | None = None
        """Closes the TCP connection of a peer, at once if the flag is set; the server puts it here, as ASGI cannot."""

    def media_for(self, call: Call) -> Callable[[str], Media | None]:
        """What a `gs://` or Files API URI names, for the caller of this call."""
        key = api_key(call)
        return lambda uri: self.buckets.find(uri) if uri.startswith("gs://") else self.files.find(uri, key)

    def origin_for_downloads(self, call: Call) -> str:
        """Scheme, host and port that serve file contents."""
        return self.download_origin or call.base_url

    def close(self) -> None:
        """Let hanging calls go and stop encoding."""
        self.faults.release()
        self.studio.close()
