"""No golden pair lies about unused."""

from pathlib import Path

import pytest

from tests.golden_cases import GOLDEN, read_cases

TESTS = Path(__file__).parent
FOLDERS = (
    *("messages/requests", "messages/responses", "messages/streams"),
    *("responses/requests", "responses/responses", "responses/streams"),
    *("code-assist/requests", "code-assist/responses", "code-assist/streams"),
    "chat/requests",
    "chat/responses",
    "chat/streams",
    "imagen/requests",
    "imagen/responses",
    "images/requests",
    "video/requests",
    "video/operations",
    "video/interactions",
    "video/answers",
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_is_walked_by_a_test(folder: str) -> None:
    """A folder of pairs is named by a test that walks it, and each of its cases says where it comes from."""
    users = [path for path in TESTS.rglob("test_*.py") if f'golden_cases("{folder}")' in path.read_text()]
    cases = read_cases(folder)

    assert users
    assert cases
    assert all(len(case.origin) > 20 for case in cases)


def test_no_pair_lies_outside_the_walked_folders() -> None:
    """Each file of these protocols is in a folder that a test walks."""
    tops = ("chat", "code-assist", "imagen", "images", "video", "messages", "responses")
    files = [path for top in tops for path in (GOLDEN / top).rglob("*") if path.is_file()]

    assert {str(path.parent.relative_to(GOLDEN)) for path in files} == set(FOLDERS)
    assert {path.suffix for path in files} == {".json"}
