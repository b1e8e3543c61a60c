"""A small Google on a loopback port: Gemini API, Vertex AI, Interactions, OAuth and Cloud Storage over real HTTP.

    async with running_simulator(SimulatorSettings(video_latency=0)) as google:
        google.base_url, google.api_key, google.service_account()
        google.faults.add(Fault(verb="predictLongRunning", nth=1, action=Drop(after_accepting=True)))
        ...
        assert len(google.submits) == 1

It is strict where Google is strict, and says what Google says. It shares no code with the proxy: an oracle that shares
code with what it judges proves nothing.
"""

from proxy.simulator.app import create_simulator
from proxy.simulator.faults import (
    Drop,
    Empty,
    Error,
    Expired,
    Fault,
    Filtered,
    Hang,
    Slow,
    Stall,
    Status,
    Stuck,
    Truncated,
)
from proxy.simulator.ledger import RecordedRequest, Submit, read_journal
from proxy.simulator.rules_file import RulesFileError, load_rules
from proxy.simulator.server import RunningSimulator, running_simulator
from proxy.simulator.settings import SimulatorSettings

__all__ = [
    "Drop",
    "Empty",
    "Error",
    "Expired",
    "Fault",
    "Filtered",
    "Hang",
    "RecordedRequest",
    "RulesFileError",
    "RunningSimulator",
    "SimulatorSettings",
    "Slow",
    "Stall",
    "Status",
    "Stuck",
    "Submit",
    "Truncated",
    "create_simulator",
    "load_rules",
    "read_journal",
    "running_simulator",
]
