"""Secrets are known to the log's blackener and to nobody else."""

import uuid
from pathlib import Path

import yaml

from proxy.config import load_config, secrets_of


def test_all_secrets_are_found_and_none_is_shown(tmp_path: Path) -> None:
    """Keys, headers, proxy passwords and inline private keys are collected; no form of the object shows them."""
    secret = {
        name: uuid.uuid4().hex for name in ("inbound", "gemini", "vertex", "header", "private", "proxy", "global")
    }
    data = {
        "api-keys": [secret["inbound"]],
        "proxy-url": f"http://me:{secret['global']}@proxy.example",
        "gemini-api-key": [
            {
                "api-key": secret["gemini"],
                "headers": {"x-token": secret["header"], "x-copied": "$x-copied"},
                "proxy-url": f"socks5://me:{secret['proxy']}@proxy.example",
            }
        ],
        "vertex-api-key": [{"api-key": secret["vertex"]}],
        "vertex": [{"service-account": {"type": "service_account", "private_key": secret["private"]}}],
    }
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(data))
    config = load_config(path, {}).config
    found = secrets_of(config)
    assert all(any(value in text for text in found) for value in secret.values())
    assert {secret["global"], secret["proxy"]} <= found, "the password alone may appear in an error of the HTTP client"
    assert not {"service_account", "$x-copied"} & found
    shown = repr(config) + str(config) + repr(config.model_dump()) + config.model_dump_json()
    assert [name for name, value in secret.items() if value in shown] == []
