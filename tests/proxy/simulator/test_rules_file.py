"""The rules file says the same as the Python rules, and its mistakes are named."""

import pytest

from proxy.simulator import Drop, Fault, RulesFileError, Status, load_rules


def test_yaml_and_json_are_read(tmp_path) -> None:
    """Both forms give the rules that Python would."""
    wanted = (
        Fault(verb="predictLongRunning", nth=1, action=Drop(after_accepting=True)),
        Fault(action=Status(status=429)),
    )
    yaml = tmp_path / "rules.yaml"
    yaml.write_text(
        "rules:\n"
        "  - {verb: predictLongRunning, nth: 1, action: {kind: drop, after_accepting: true}}\n"
        "  - {action: {kind: status, status: 429}}\n"
    )
    json = tmp_path / "rules.json"
    json.write_text(
        '{"rules": [{"verb": "predictLongRunning", "nth": 1, "action": {"kind": "drop", "after_accepting": true}},'
        '{"action": {"kind": "status", "status": 429}}]}'
    )

    assert load_rules(yaml) == load_rules(json) == wanted


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rules: [{action: {kind: explode}}]", "explode"),
        ("rules: [{verbs: x, action: {kind: hang}}]", "rules.0.verbs"),
        ("rules: [{action: {kind: status, status: 200}}]", "rules.0.action.status.status"),
        ("rules: [{nth: 0, action: {kind: hang}}]", "rules.0.nth"),
        ("- 1", "the file"),
        ("{", "neither YAML nor JSON"),
    ],
)
def test_mistakes_are_named(tmp_path, text, named) -> None:
    """The message holds the file and the place."""
    path = tmp_path / "rules.yaml"
    path.write_text(text)

    with pytest.raises(RulesFileError, match=r"rules\.yaml") as refused:
        load_rules(path)
    assert named in str(refused.value)


def test_a_missing_file(tmp_path) -> None:
    """No traceback of the file system's."""
    with pytest.raises(RulesFileError, match="No such file"):
        load_rules(tmp_path / "none.yaml")
