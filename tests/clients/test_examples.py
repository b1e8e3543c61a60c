"""The README's examples work as they stand, except that the proxy is on another port."""

import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.clients.conftest import folder_of
from tests.clients.install import OPENAI_NODE, ROOT
from tests.clients.media import decoded_video
from tests.clients.script import run
from tests.clients.serving import Mediashim

EXAMPLES = ROOT / "examples"
ADDRESS = "http://127.0.0.1:8317"


async def carry_out(example: str, shim: Mediashim, folder: Path, request: pytest.FixtureRequest) -> None:
    """Run an example in a folder of its own."""
    text = (EXAMPLES / example).read_text(encoding="utf-8")
    assert text.count(ADDRESS) == 1
    (folder / example).write_text(text.replace(ADDRESS, shim.origin), encoding="utf-8")
    match Path(example).suffix:
        case ".py":
            await run(sys.executable, example, folder=folder)
        case ".mjs":
            (folder / "node_modules").symlink_to(Path(folder_of(OPENAI_NODE)) / "node_modules")
            await run("node", example, folder=folder)
        case ".sh":
            request.getfixturevalue("curl")
            await run("bash", "-eo", "pipefail", example, folder=folder)


LANGUAGES = ("py", "mjs", "sh")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_image(shim: Mediashim, tmp_path: Path, language: str, request: pytest.FixtureRequest) -> None:
    """image.png is a picture, 16:9."""
    await carry_out(f"image.{language}", shim, tmp_path, request)
    with Image.open(tmp_path / "image.png") as picture:
        picture.load()
        assert picture.width / picture.height == pytest.approx(16 / 9, rel=0.05)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_video(shim: Mediashim, tmp_path: Path, language: str, request: pytest.FixtureRequest) -> None:
    """video.mp4 is four seconds of 720p."""
    await carry_out(f"video.{language}", shim, tmp_path, request)
    clip = decoded_video((tmp_path / "video.mp4").read_bytes())
    assert (clip.width, clip.height, clip.seconds) == (1280, 720, 4.0)


def test_every_example_is_run() -> None:
    """No example is left to rot; media_gen.py is what `mediashim demo` runs."""
    run_here = {f"{kind}.{language}" for kind in ("image", "video") for language in LANGUAGES}
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == {"media_gen.py", *run_here}
