"""Other people's gateways and nginx, where they are installed: each as its documents say it is run for speed.

    python -m benchmarks.rig.peers       installs LiteLLM (PyPI) and Portkey (npm) into .bench/peers/

Versions are pinned, since a figure of "LiteLLM" without one says nothing. Settings: LiteLLM's production guide (master
key, LITELLM_MODE, LITELLM_LOG=ERROR, local price map, no database), Portkey's README (`--headless`), both 2026-11.
"""

import shutil
import subprocess
import sys
import venv

import yaml

from benchmarks.rig.google import IMAGE_MODEL, TEXT_MODEL
from benchmarks.rig.processes import Process
from benchmarks.rig.product import KEY
from benchmarks.rig.programs import BUILT
from benchmarks.rig.rig import Rig, free_port

INSTALLED = BUILT.parent / "peers"
LITELLM = "litellm[proxy]==1.109.1"
PORTKEY = "@portkey-ai/gateway@1.15.2"

_LITELLM_PROGRAM = INSTALLED / "litellm" / "bin" / "litellm"
_PORTKEY_PROGRAM = INSTALLED / "portkey" / "node_modules" / "@portkey-ai" / "gateway" / "build" / "start-server.js"

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream google {{ server {host}; keepalive 256; }}
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location / {{
      proxy_pass http://google; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
    }}
  }}
}}
"""


NAMES = ("nginx", "litellm", "portkey")


def installed() -> tuple[str, ...]:
    """The names of those that can be measured here."""
    found = {
        "nginx": shutil.which("nginx") is not None,
        "litellm": _LITELLM_PROGRAM.exists(),
        "portkey": _PORTKEY_PROGRAM.exists() and shutil.which("node") is not None,
    }
    return tuple(name for name, there in found.items() if there)


def litellm(rig: Rig, upstream: str) -> Process:
    """LiteLLM's proxy with one worker."""
    folder, port = rig.new_folder(), free_port()
    models = [
        {
            "model_name": model,
            "litellm_params": {"model": f"gemini/{model}", "api_key": "AIza-bench", "api_base": f"{upstream}/v1beta"},
        }
        for model in (TEXT_MODEL, IMAGE_MODEL)
    ]
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump({"model_list": models, "general_settings": {"master_key": KEY}}))
    return rig.start(
        [
            str(_LITELLM_PROGRAM),
            "--config",
            str(config),
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--num_workers",
            "1",
        ],
        rig.cores.product,
        port=port,
        environment={
            "LITELLM_MODE": "PRODUCTION",
            "LITELLM_LOG": "ERROR",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_MASTER_KEY": KEY,
        },
    )


def portkey(rig: Rig, _: str) -> Process:
    """Portkey's gateway; where it sends requests, they say themselves (`portkey_headers`)."""
    port = free_port()
    return rig.start(
        ["node", str(_PORTKEY_PROGRAM), f"--port={port}", "--headless"],
        rig.cores.product,
        port=port,
    )


def portkey_headers(upstream: str) -> dict[str, str]:
    """What a request to Portkey says of its target, and that it wants the images: 1.15.2 drops them otherwise."""
    return {
        "x-portkey-provider": "google",
        "x-portkey-custom-host": f"{upstream}/v1beta",
        "x-portkey-strict-open-ai-compliance": "false",
    }


def nginx(rig: Rig, upstream: str) -> Process:
    """nginx as a reverse proxy, one worker: it answers what Google answers."""
    folder, port = rig.new_folder(), free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, host=upstream.removeprefix("http://")))
    program = shutil.which("nginx") or "nginx"
    return rig.start(
        [program, "-e", str(folder / "early.log"), "-c", str(config)],
        rig.cores.product,
        port=port,
    )


def install() -> bool:
    """Both, once; whether both are there. What its registry does not give is left out, and said."""
    litellm, portkey = INSTALLED / "litellm", INSTALLED / "portkey"
    INSTALLED.mkdir(parents=True, exist_ok=True)
    if not _LITELLM_PROGRAM.exists():
        venv.create(litellm, with_pip=True, clear=True)
        _run([str(litellm / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", LITELLM])
    if not _PORTKEY_PROGRAM.exists():
        words = ["install", "--prefix", str(portkey), "--no-fund", "--no-audit", "--loglevel", "error", PORTKEY]
        _run([shutil.which("npm") or "npm", *words])
    missing = [str(path) for path in (_LITELLM_PROGRAM, _PORTKEY_PROGRAM) if not path.exists()]
    for path in missing:
        print(f"not installed, and so not measured: {path}", file=sys.stderr)
    return not missing


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as failure:
        print(failure, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(0 if install() else 1)
