"""File, environment and command line become one configuration, or a list of everything that is wrong."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import ConfigError, load_config
from proxy.config.keys import keys_below
from proxy.config.schema import Config

KEYS = st.sampled_from(sorted({part for key in keys_below(Config) for part in key.path.replace("[]", "").split(".")}))

ONE_IDENTITY = "needs exactly one of credentials-file, service-account (inline JSON), application-default: true"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes config.yaml and returns its path."""

    def write_file(text: str) -> Path:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def complaints(path: Path | None, environ: dict[str, str] | None = None, **overrides: object) -> list[str]:
    """The problems of a configuration that must not load, as text."""
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ or {}, overrides)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_nothing_at_all_loads() -> None:
    """Without file, environment and credential the defaults stand, on loopback, with nothing to say."""
    loaded = load_config(None, {})
    assert (loaded.config.host, loaded.config.port) == ("127.0.0.1", 8317)
    assert loaded.config == Config()
    assert loaded.notes == ()


def test_an_empty_file_is_the_defaults(write: Write) -> None:
    """A file in which everything is commented out, or left without a value, changes nothing."""
    assert load_config(write("# nothing\n"), {}).config == Config()
    assert (
        load_config(write("api-keys:\nvideo:\n  timeout:\ntls: {enable: false, cert: '', key: ''}\n"), {}).config
        == Config()
    )


def test_command_line_beats_environment_beats_file(write: Write) -> None:
    """Each source replaces what a weaker one says, and leaves the rest alone."""
    path = write("port: 1\nhost: 10.0.0.1\npublic-base-url: https://file.example\n")
    environ = {"MEDIASHIM_PORT": "2", "MEDIASHIM_HOST": "10.0.0.2"}
    config = load_config(path, environ, {"port": 3}).config
    assert (config.port, config.host, config.public_base_url) == (3, "10.0.0.2", "https://file.example")


def test_the_command_line_reaches_into_sections(write: Write) -> None:
    """A dotted key replaces one value and leaves its neighbours alone; a broken section stays broken."""
    path = write("log: {format: json, level: error}\nchat: 3\n")
    assert complaints(path, **{"chat.video-content": "text"}) == ["line 2: chat: must be a mapping of keys to values"]
    config = load_config(write("log: {format: json, level: error}\n"), {}, {"log.level": "debug"}).config
    assert (config.log.level, config.log.format) == ("debug", "json")


def test_the_environment_names_the_file(write: Write) -> None:
    """MEDIASHIM_CONFIG serves where the command line names no file."""
    path = write("port: 1\n")
    assert load_config(None, {"MEDIASHIM_CONFIG": str(path)}).config.port == 1


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """A file that was named and is not there never means the defaults."""
    assert complaints(tmp_path / "absent.yaml") == ["cannot be read: No such file or directory"]
    (tmp_path / "latin.yaml").write_bytes(b"host: \xff\n")
    assert complaints(tmp_path / "latin.yaml") == ["cannot be read: it is not UTF-8 text"]


def test_empty_variables_count_as_not_set() -> None:
    """Compose files set variables to nothing; that is no key and no port."""
    names = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "MEDIASHIM_PORT", "MEDIASHIM_API_KEYS", "MEDIASHIM_CONFIG")
    assert load_config(None, dict.fromkeys(names, " ")).config == Config()


def test_environment_credentials_join_the_files(write: Write) -> None:
    """A key of the environment stands beside the file's, unless the file has the same one for Google's own host."""
    path = write("gemini-api-key:\n- api-key: from-file\n- {api-key: relayed, base-url: https://relay.example}\n")

    def keys(**environ: str) -> list[str]:
        return [entry.api_key.get_secret_value() for entry in load_config(path, environ).config.gemini_api_key]

    assert keys(GEMINI_API_KEY="from-environment") == ["from-file", "relayed", "from-environment"]
    assert keys(GEMINI_API_KEY="from-file") == ["from-file", "relayed"]
    assert keys(GEMINI_API_KEY="relayed") == ["from-file", "relayed", "relayed"]


def test_google_api_key_wins_and_says_so() -> None:
    """Both variables set: google-genai (3.4.0) takes GOOGLE_API_KEY, so do we, with a note."""
    loaded = load_config(None, {"GEMINI_API_KEY": "one", "GOOGLE_API_KEY": "two"})
    assert [entry.api_key.get_secret_value() for entry in loaded.config.gemini_api_key] == ["two"]
    assert loaded.notes == ("GOOGLE_API_KEY and GEMINI_API_KEY are both set; GOOGLE_API_KEY is used",)
    assert load_config(None, {"GEMINI_API_KEY": "one", "GOOGLE_API_KEY": "one"}).notes == ()


def test_a_comma_in_gemini_api_key_separates_nothing() -> None:
    """One variable holds one key, as with every other tool that reads it."""
    (entry,) = load_config(None, {"GEMINI_API_KEY": "one,two"}).config.gemini_api_key
    assert entry.api_key.get_secret_value() == "one,two"


def test_inbound_keys_of_the_environment_join(write: Write) -> None:
    """MEDIASHIM_API_KEYS is a list, and repeats of the file's keys stay single."""
    path = write("api-keys:\n- first\n- {key: second, name: studio}\n")
    config = load_config(path, {"MEDIASHIM_API_KEYS": "second, third,"}).config
    assert [(entry.key.get_secret_value(), entry.name) for entry in config.api_keys] == [
        ("first", ""),
        ("second", "studio"),
        ("third", ""),
    ]


def test_application_credentials_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file named there, with the project and location named there, starts at the working directory."""
    monkeypatch.chdir(tmp_path)
    environ = {
        "GOOGLE_APPLICATION_CREDENTIALS": "sa.json",
        "GOOGLE_CLOUD_PROJECT": "studio",
        "GOOGLE_CLOUD_LOCATION": "global",
    }
    (entry,) = load_config(None, environ).config.vertex
    assert (entry.credentials_file, entry.project, entry.location) == (tmp_path / "sa.json", "studio", "global")
    del environ["GOOGLE_CLOUD_PROJECT"], environ["GOOGLE_CLOUD_LOCATION"]
    (entry,) = load_config(None, environ).config.vertex
    assert (entry.project, entry.location) == (None, "us-central1")


def test_the_same_credential_file_is_one_credential(write: Write, tmp_path: Path) -> None:
    """GOOGLE_APPLICATION_CREDENTIALS beside the file's own entry for that path adds nothing and changes nothing."""
    path = write(f"vertex:\n- {{credentials-file: {tmp_path}/sa.json, project: mine}}\n")
    environ = {"GOOGLE_APPLICATION_CREDENTIALS": f"{tmp_path}/sa.json", "GOOGLE_CLOUD_PROJECT": "other"}
    (entry,) = load_config(path, environ).config.vertex
    assert entry.project == "mine"


def test_a_project_alone_switches_nothing_on() -> None:
    """Many machines set GOOGLE_CLOUD_PROJECT for other tools; google-genai's own switch is asked for too."""
    assert load_config(None, {"GOOGLE_CLOUD_PROJECT": "studio"}).config.vertex == ()
    for switch in ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI"):
        (entry,) = load_config(None, {"GOOGLE_CLOUD_PROJECT": "studio", switch: "true"}).config.vertex
        assert (entry.application_default, entry.project) == (True, "studio")


def test_project_and_location_fill_the_machines_identity_only(write: Write) -> None:
    """An `application-default` entry of the file takes the variables where it is silent; a credential file does not."""
    path = write(
        "vertex:\n- application-default: true\n- {application-default: true, project: p2}\n- credentials-file: /sa\n"
    )
    entries = load_config(path, {"GOOGLE_CLOUD_PROJECT": "p1", "GOOGLE_CLOUD_LOCATION": "global"}).config.vertex
    assert [(entry.project, entry.location) for entry in entries] == [
        ("p1", "global"),
        ("p2", "global"),
        (None, "us-central1"),
    ]


def test_variables_are_filled_in(write: Write) -> None:
    """`${NAME}` works anywhere inside a text, becomes any type, may have a default, and `$${` stays."""
    path = write(
        """
        port: ${PORT}
        api-keys: ["${A}-${B}", "${C:-fallback}", "$${literal}", "$plain"]
        """
    )
    config = load_config(path, {"PORT": "9000", "A": "a: [1]", "B": "b"}).config
    assert config.port == 9000
    assert [entry.key.get_secret_value() for entry in config.api_keys] == [
        "a: [1]-b",
        "fallback",
        "${literal}",
        "$plain",
    ]


def test_missing_variables_name_the_key(write: Write) -> None:
    """Each place with a missing variable is one problem, and being empty because of it is no second one."""
    path = write("api-keys:\n- ok\n- ${ABSENT}\nvertex-api-key:\n- api-key: ${GONE}\nhost: '${not closed'\n")
    assert complaints(path) == [
        "line 3: api-keys[1]: the environment variable ABSENT is not set: set it or write ${ABSENT:-default}",
        "line 5: vertex-api-key[0].api-key: the environment variable GONE is not set: set it or write ${GONE:-default}",
        "line 6: host: ${ begins no ${NAME}; write $${ for a plain ${",
    ]


def test_all_problems_come_at_once_with_their_lines(write: Write) -> None:
    """One run tells everything there is to correct, each with its line, its key and the nearest name."""
    path = write(
        "prot: 1\n"
        "port: many\n"
        "gemini-api-key:\n"
        "  - bas-url: https://relay.example\n"
        "    api_key: with-underscore\n"
        "video:\n"
        "  timeout: soon\n"
        "  delivery: fax\n"
        "vertex:\n"
        "  - project: none\n"
        "debug: perhaps\n"
        "jobs: 3\n"
        "streaming:\n"
        "  zzzzzz: 1\n"
    )
    assert sorted(complaints(path)) == sorted(
        [
            "line 1: prot: unknown key; did you mean port?",
            "line 2: port: must be a whole number",
            "line 4: gemini-api-key[0].bas-url: unknown key; did you mean base-url?",
            "line 5: gemini-api-key[0].api_key: unknown key; did you mean api-key?",
            'line 7: video.timeout: must be a duration: seconds as a number, or text such as "10s", "15m", "2h", "7d"',
            "line 8: video.delivery: must be 'data' or 'url'",
            "line 10: vertex[0]: " + ONE_IDENTITY,
            "line 11: debug: must be true or false",
            "line 12: jobs: must be a mapping of keys to values",
            "line 14: streaming.zzzzzz: unknown key; known here: keepalive-seconds",
        ]
    )


def test_problems_name_the_variable_or_the_command_line(write: Write) -> None:
    """A bad value from outside the file is not blamed on a line of the file."""
    path = write("port: 1\n")
    assert complaints(path, {"MEDIASHIM_PORT": "x"}) == ["port: must be a whole number (from MEDIASHIM_PORT)"]
    assert complaints(path, **{"log.level": "y"}) == [
        "log.level: must be 'debug', 'info', 'warning' or 'error' (from the command line)"
    ]
    assert complaints(path, port="y") == ["port: must be a whole number (from the command line)"]


def test_a_key_given_twice_is_an_error(write: Write) -> None:
    """YAML would silently keep the last of two keys."""
    path = write("port: 1\nvideo: {timeout: 1s, timeout: 2s}\nport: 2\n")
    assert complaints(path) == [
        "line 2: video.timeout: is given twice (first in line 2)",
        "line 3: port: is given twice (first in line 1)",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: [1\n", "line 2: not YAML"),
        ("- just\n- a list\n", "must be a mapping"),
        ("host: !!python/object/apply:os.system [id]\n", "line 1: not YAML: could not determine a constructor"),
        ("host: 2026-99-99\n", "not YAML"),
        ("a: 1\n---\nb: 2\n", "not YAML"),
        ("a: &a [*a]\n", "inside its own anchor"),
    ],
)
def test_what_is_no_configuration(write: Write, text: str, complaint: str) -> None:
    """Broken YAML, a list and Python objects are refused with the line."""
    assert complaint in complaints(write(text))[0]


def test_template_keys_refuse_to_start(write: Write) -> None:
    """The keys of CLIProxyAPI's example file, in either form, also from the environment."""
    path = write("api-keys: [your-api-key-1, {key: your-api-key-2}, fine]\n")
    found = complaints(path, {"MEDIASHIM_API_KEYS": "your-api-key-3"})
    assert len(found) == 3
    assert all("published example file" in problem for problem in found)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("api-keys: ['']", "api-keys[0].key: must not be empty"),
        ("api-keys: ['  ']", "api-keys[0].key: must not be empty"),
        ("api-keys: [12345]", "api-keys[0]: must be text (put numbers in quotes), or a mapping with key"),
        ("api-keys: [a, {key: a, name: b}]", "api-keys: entries 0 and 1 are the same key with different settings"),
        ("gemini-api-key: [{prefix: a}]", "gemini-api-key[0]: needs an api-key, or the base-url"),
        ("gemini-api-key: [{api-key: a, prefix: a/b}]", "single segment"),
        ("gemini-api-key: [{api-key: a, proxy-url: 'ftp://x'}]", "socks5"),
        ("vertex-api-key: [{api-key: ''}]", "vertex-api-key[0].api-key: must not be empty"),
        ("vertex: [{application-default: true, credentials-file: a}]", "exactly one of"),
        ("vertex: [{application-default: true, storage-uri: s3://b}]", "vertex[0].storage-uri"),
        ("tls: {enable: true, cert: a.pem}", "needs both cert and key"),
        ("video: {poll-min-interval: 1h}", "poll-min-interval is longer than poll-max-interval"),
        ("video: {timeout: 0}", "longer than zero"),
        ("public-base-url: media.example", "http://"),
        ("retired-models: hide", "'redirect', 'reject' or 'pass'"),
        ("port: 70000", "65535"),
        ("catalog: {2026: {}}", "catalog[2026]: must be text (put numbers and dates in quotes)"),
        ("catalog: {veo: fast}", "catalog.veo: must be a mapping"),
        ("2026: 1", "[2026]: a key must be text"),
        ("host: [a]", "host: must be text"),
        ("api-keys: one", "api-keys: must be a list"),
    ],
)
def test_values_that_cannot_be(write: Write, text: str, complaint: str) -> None:
    """Each impossible value is refused at its place."""
    (found,) = complaints(write(text))
    assert complaint in found


def test_no_complaint_repeats_a_value(write: Write) -> None:
    """A value at the wrong place may be a secret, so messages name keys only."""
    path = write("port: hush-1\ngemini-api-key: hush-2\nvideo: {delivery: hush-3}\nnope: hush-4\nbase-url: hush-5\n")
    assert "hush" not in "".join(complaints(path, {"MEDIASHIM_PORT": "hush-6"}))


def test_paths(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's relative paths start at its folder, the command line's at the working directory, `~` at home."""
    path = write("auth-dir: auths\ndata-dir: data\nvertex: [{credentials-file: ~/sa.json}]\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("HOME", "/home/someone")
    config = load_config(path, {}).config
    assert (config.auth_dir, config.data_dir) == (tmp_path / "auths", tmp_path / "data")
    assert config.vertex[0].credentials_file == Path("/home/someone/sa.json")
    assert load_config(path, {}, {"data-dir": "here"}).config.data_dir == elsewhere / "here"
    assert load_config(path, {"MEDIASHIM_DATA_DIR": "there"}).config.data_dir == elsewhere / "there"
    assert load_config(None, {}).config.data_dir == Path("/home/someone/.local/share/mediashim")


def test_without_a_home_the_message_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container user without a home directory learns what to write instead of `~`."""

    def homeless(path: Path) -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "expanduser", homeless)
    (found,) = complaints(None)
    assert found == "data-dir: starts with ~, but this user has no home directory; write the whole path"


def test_plain_http_to_another_host_is_noted(write: Write) -> None:
    """A credential that would travel unencrypted is worth a word; a mock on this machine is not."""
    path = write(
        "gemini-api-key:\n- {api-key: a, base-url: 'http://relay.example'}\n- {api-key: b, base-url: 'http://127.0.0.1:9'}\n"
    )
    assert load_config(path, {}).notes == (
        "gemini-api-key[0].base-url is plain http: the credential travels unencrypted",
    )


def test_debug_beats_the_log_level() -> None:
    """CLIProxyAPI's `debug: true` means what it says."""
    assert load_config(None, {}, {"debug": True}).config.log_level == "debug"
    assert load_config(None, {}).config.log_level == "info"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["${X}", "10s", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=5))
def test_no_file_breaks_the_loader(tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]) -> None:
    """Whatever stands in a file, it loads or is told what is wrong; nothing else ever comes out."""
    path = tmp_path_factory.getbasetemp() / "fuzzed.yaml"
    path.write_text(yaml.safe_dump(data))
    with contextlib.suppress(ConfigError):
        load_config(path, {"X": "1"})
