"""`mediashim demo`: the proxy and a simulated Google, an image and a video through the README's example script."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proxy import logs
from proxy.app import create_app
from proxy.config import load_config
from proxy.server import Server, server_for
from proxy.simulated import simulated_surroundings

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = Any

IMAGE = ("image", "A lighthouse on a cliff at dusk, warm light in the lantern room")
VIDEO = ("video", "Waves rolling in below a lighthouse at dusk, slow pan from left to right")

FAREWELL = """
That was a simulated Google: every file says so. With a real key it is the same request:

  GEMINI_API_KEY=... mediashim serve
  python examples/media_gen.py video "waves rolling in below a lighthouse" --base-url http://127.0.0.1:8317/v1
"""


def add_parser(subparsers: SubParsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser("demo", help="an image and a video, with no credential and no network")
    parser.add_argument("--output", type=Path, default=Path("demo"), help="folder for the files (default: %(default)s)")
    parser.add_argument("--latency", type=float, default=6.0, help="seconds the video takes (default: %(default)s)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make both files; 1 if one of them is missing in the end."""
    logs.configure("warning", "plain")
    with tempfile.TemporaryDirectory(prefix="mediashim-demo-") as data_dir:
        made = asyncio.run(_demo(args.output, args.latency, data_dir))
    missing = [path for path in (args.output / "image.png", args.output / "video.mp4") if path not in made]
    if missing:
        print(f"mediashim demo: {', '.join(map(str, missing))} missing", file=sys.stderr)
        return 1
    print(FAREWELL)
    return 0


async def _demo(output: Path, latency: float, data_dir: str) -> set[Path]:
    config = load_config(None, {}, {"port": 0, "data-dir": data_dir}).config
    async with simulated_surroundings(latency=latency) as around:
        server = server_for(create_app(config, around), config)
        serving = asyncio.create_task(server.serve())
        try:
            base_url = f"http://127.0.0.1:{await _port(server, serving)}/v1"
            print(f"mediashim listens on {base_url}, in front of a simulated Google.\n")
            return {path for kind, prompt in (IMAGE, VIDEO) if (path := await _make(kind, prompt, output, base_url))}
        finally:
            server.should_exit = True
            await serving


async def _port(server: Server, serving: "asyncio.Task[None]") -> int:
    """The port once the server listens."""
    while not server.started:
        if serving.done():
            raise RuntimeError("the proxy did not start")
        await asyncio.sleep(0.02)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


async def _make(kind: str, prompt: str, output: Path, base_url: str) -> Path | None:
    """Run the example script; the path of the file it made."""
    print(f'{kind}: "{prompt}"', flush=True)
    began = time.monotonic()
    path = output / ("image.png" if kind == "image" else "video.mp4")
    path.unlink(missing_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(example_script()), kind, prompt, "--output", str(output), "--base-url", base_url
    )
    code = await process.wait()
    print(f"  {time.monotonic() - began:.1f} s in all\n", flush=True)
    return path if code == 0 and path.is_file() else None


def example_script() -> Path:
    """The README's example: in the source tree, or beside this module in an installed package."""
    here = Path(__file__)
    for path in (here.parents[2] / "examples" / "media_gen.py", here.with_name("media_gen.py")):
        if path.is_file():
            return path
    raise FileNotFoundError("examples/media_gen.py")
