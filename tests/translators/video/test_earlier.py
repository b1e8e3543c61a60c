"""What names an earlier job's video or a stored file, and what does not."""

import pytest

from translators.video.earlier import at_home, earlier_video, stored_file
from translators.video.spec import EarlierVideo, VideoMedia

JOB = "video_0123456789abcdef0123456789abcdef"
NAME = "abcdefghijklmnopqrstuvwxyz_-0123.png"
CLIP = NAME.replace(".png", ".mp4")
HERE = "http://127.0.0.1:8317"
BASES = frozenset({HERE, "https://media.example.com/shim"})
PICTURE = VideoMedia(uri=f"stored:{NAME}", mime_type="image/png")
VIDEO = VideoMedia(uri=f"job:{JOB}")


@pytest.mark.parametrize(("text", "job_id"), [(JOB, JOB), (f" {JOB}\n", JOB), ("video_1", "video_1")])
def test_the_id_of_a_job(text: str, job_id: str) -> None:
    """It names the job's first video."""
    assert earlier_video(text) == EarlierVideo(job_id=job_id)


@pytest.mark.parametrize(
    "text", ["", "video_", "video_a#1", "file-1", "v1_abc", "video_" + "a" * 65, "https://a/video_1"]
)
def test_what_is_no_id_of_a_job(text: str) -> None:
    """Google's ids and addresses among it."""
    assert earlier_video(text) is None


@pytest.mark.parametrize("text", [NAME, f"/media/{NAME}", f"media/{NAME}"])
def test_the_name_of_a_stored_file(text: str) -> None:
    """Alone, or with the path that serves it; it tells its type."""
    assert stored_file(text) == PICTURE


@pytest.mark.parametrize("text", ["fox.png", NAME.removesuffix(".png"), f"/etc/{NAME}", f"../{NAME}", f"{NAME}.json"])
def test_what_is_no_name_of_ours(text: str) -> None:
    """A name of ours cannot be guessed, and has a type that is kept."""
    assert stored_file(text) is None


@pytest.mark.parametrize(
    ("address", "medium"),
    [
        (f"{HERE}/media/{NAME}", PICTURE),
        (f"https://media.example.com/shim/media/{CLIP}", VideoMedia(uri=f"stored:{CLIP}", mime_type="video/mp4")),
        (f"{HERE}/v1/videos/{JOB}/content", VIDEO),
        (f"{HERE}/videos/{JOB}/content?variant=video", VIDEO),
        (f"{HERE}/openai/v1/videos/{JOB}/content?index=0", VIDEO),
        (f"{HERE}/api/v1/videos/{JOB}/content?index=2", VideoMedia(uri=f"job:{JOB}#2")),
        (f"{HERE}/v1beta/files/{JOB.removeprefix('video_')}1:download?alt=media", VideoMedia(uri=f"job:{JOB}#1")),
        (f"files/{JOB.removeprefix('video_')}0", VIDEO),
    ],
)
def test_addresses_of_our_own(address: str, medium: VideoMedia) -> None:
    """Whatever the proxy hands out leads to what it keeps, without a fetch."""
    assert at_home(address, BASES) == medium


@pytest.mark.parametrize(
    "address",
    [
        f"https://example.com/media/{NAME}",
        f"{HERE}1/media/{NAME}",
        f"{HERE}/v1/models",
        f"{HERE}/v1/videos/nonsense/content",
        f"{HERE}/v1/videos/{JOB}/content?variant=thumbnail",
        f"{HERE}/v1/videos/{JOB}/content?index=-1",
        f"{HERE}/v1/videos/{JOB}/content?index=²",
        f"{HERE}/v1/videos/{JOB}/content?index={'9' * 5000}",
        f"{HERE}/v1beta/files/short",
        "files/an-upload",
    ],
)
def test_other_addresses(address: str) -> None:
    """They are fetched like any other, or refused as private."""
    assert at_home(address, BASES) is None
