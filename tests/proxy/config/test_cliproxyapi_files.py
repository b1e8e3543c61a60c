"""A configuration file of CLIProxyAPI moves over as it is."""

from pathlib import Path

import pytest

from proxy.config import load_config
from proxy.config.compat import is_meaningless
from proxy.config.keys import keys_below
from proxy.config.schema import Config

FILE = """
host: ""
port: 8317
tls: {enable: false, cert: "", key: ""}
remote-management: {allow-remote: false, secret-key: "", disable-control-panel: false}
auth-dir: "~/.cli-proxy-api"
api-keys: [ccs-internal-managed]
debug: false
pprof: {enable: false, addr: "127.0.0.1:8316"}
plugins: {enabled: false, dir: plugins}
commercial-mode: false
logging-to-file: false
logs-max-total-size-mb: 0
error-logs-max-files: 10
usage-statistics-enabled: false
redis-usage-queue-retention-seconds: 60
proxy-url: ""
force-model-prefix: false
passthrough-headers: false
request-retry: 2
max-retry-credentials: 0
max-retry-interval: 30
disable-cooling: false
save-cooldown-status: false
transient-error-cooldown-seconds: -1
disable-claude-cloak-mode: false
claude-code: {disable-cloaking-model-list: false}
disable-image-generation: false
video-result-auth-cache-ttl: "3h"
quota-exceeded: {switch-project: true, switch-preview-model: true}
routing: {strategy: ff, session-affinity: true, session-affinity-ttl: 30m, session-affinity-subagents: true}
codex: {identity-confuse: false}
xai: {inject-x-search: false}
ws-auth: true
nonstream-keepalive-interval: 0
streaming: {keepalive-seconds: -1, bootstrap-retries: 1}
claude-api-key: [{api-key: "${NEVER_READ}"}]
gemini-api-key:
  - api-key: " padded "
    weight: 5
    prefix: test
    disable-cooling: false
    request-retry: -1
    request-scoped-errors: [{status: 400, match: [x], action: stop}]
    base-url: https://generativelanguage.googleapis.com/v1beta
    headers: {X-Custom-Header: custom-value}
    proxy-url: direct
    models:
      - {name: gemini-2.5-flash, alias: flash, display-name: Flash, max-context-length: 5, thinking: {levels: [high]}}
    excluded-models: ["*-preview"]
  - {api-key: again}
  - {api-key: again}
vertex-api-key:
  - {api-key: vk-123, base-url: https://relay.example/api, models: [{name: a, alias: pro, force-mapping: true}]}
oauth-model-alias:
  vertex: [{name: gemini-2.5-pro, alias: g2.5p, fork: true, force-mapping: true}]
  claude: [{name: a, alias: b}]
oauth-excluded-models: {vertex: [gemini-3-pro-preview], gemini-cli: ["*-image"], kimi: [x]}
payload: {default: []}
"""


def test_the_whole_file_loads_and_one_line_names_what_is_idle(tmp_path: Path) -> None:
    """Every key of CLIProxyAPI is accepted; those without meaning are named, and not even their variables are read."""
    path = tmp_path / "config.yaml"
    path.write_text(FILE)
    loaded = load_config(path, {})
    config = loaded.config
    assert (config.host, config.request_retry, config.streaming.keepalive_seconds) == ("", 2, 0)
    assert config.routing.strategy == "fill-first"
    assert config.transient_error_cooldown_seconds == -1
    first, second = config.gemini_api_key
    assert (first.api_key.get_secret_value(), first.weight) == ("padded", 5)
    assert first.base_url == "https://generativelanguage.googleapis.com"
    assert first.request_retry is None
    assert (config.routing.session_affinity, config.routing.session_affinity_ttl) == (True, 1800)
    assert first.models[0].alias == "flash"
    assert second.api_key.get_secret_value() == "again"
    assert config.oauth_model_alias.vertex[0].fork is True
    assert config.oauth_excluded_models.vertex == ("gemini-3-pro-preview",)
    assert config.oauth_excluded_models.gemini_cli == ("*-image",)
    assert config.code_assist is False
    (note,) = loaded.notes
    named = note.removeprefix("these keys of CLIProxyAPI are accepted and mean nothing here: ").split(", ")
    assert {
        "remote-management",
        "claude-api-key",
        "codex",
        "payload",
        "routing.session-affinity-subagents",
        "streaming.bootstrap-retries",
        "gemini-api-key[0].request-scoped-errors",
        "gemini-api-key[0].models[0].max-context-length",
        "vertex-api-key[0].models[0].force-mapping",
        "oauth-model-alias.vertex[0].force-mapping",
        "oauth-model-alias.claude",
        "oauth-excluded-models.kimi",
    } <= set(named)
    assert not {"host", "api-keys", "gemini-api-key", "routing", "auth-dir"} & set(named)


def test_no_key_of_ours_is_called_meaningless() -> None:
    """The list of idle keys and the schema have nothing in common."""
    shapes = [tuple(key.path.replace("[]", ".[]").split(".")) for key in keys_below(Config)]
    assert [shape for shape in shapes if is_meaningless(shape)] == []


@pytest.mark.parametrize("written", ["rr", "round-robin"])
def test_strategy_shorthands(written: str) -> None:
    """CLIProxyAPI's short names are understood."""
    assert load_config(None, {}, {"routing": {"strategy": written}}).config.routing.strategy == "round-robin"
