"""What a video request names by web address or keeps here, fetched and made inline."""

from proxy.fetch import MediaKind
from proxy.media.base64_stream import encode
from proxy.routes.earlier_media import read_stored
from proxy.services import Services
from translators.video.spec import VideoMedia, VideoSpec


async def fetch_inputs(services: Services, spec: VideoSpec) -> VideoSpec:
    """The request with every http(s) address and every stored file replaced by its bytes.

    Raises BadRequest naming the field, and NotFound for a file that is gone.
    """
    fetched: dict[str, VideoMedia] = {}
    for name, medium in spec.media():
        if medium.uri is None or medium.uri in fetched:
            continue
        if medium.stored_name is not None:
            kept = await read_stored(services, medium.stored_name, name)
            fetched[medium.uri] = VideoMedia(mime_type=kept.mime_type, data=kept.data)
        if not medium.is_remote:
            continue
        kind: MediaKind = "video" if medium is spec.video else "image"
        got = await services.fetcher.fetch(medium.uri, kinds=(kind,), param=name)
        fetched[medium.uri] = VideoMedia(mime_type=got.media_type, data=encode(got.data).decode())
    return spec.with_media(fetched) if fetched else spec
