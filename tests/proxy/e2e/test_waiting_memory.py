"""What a caller who waits for its video holds: its connection, one task and a few frames; nothing of its request."""

import asyncio
import gc
import types

from proxy.jobs.job import JobState
from proxy.simulator import Fault, Stuck
from tests.proxy.e2e.serving import a_video, until
from tests.proxy.e2e.test_waiting import accepted
from tests.proxy.jobs.bench import relay


def frames() -> list[str]:
    """The names of all coroutines and generators that are suspended."""
    kinds = (types.CoroutineType, types.AsyncGeneratorType)
    return [found.__qualname__ for found in gc.get_objects() if isinstance(found, kinds)]


async def test_a_waiting_caller_holds_no_frame_of_routing(start) -> None:
    """Streamed and whole: Starlette's router, its handlers and the request are gone while the answer is waited for."""
    google, proxy = await start(lambda google: [relay(google)])
    google.faults.add(Fault(verb="predictLongRunning", action=Stuck()))
    asking = [
        asyncio.create_task(proxy.ask({**a_video(prompt=f"kite {stream}"), "stream": stream}, **{"x-note": "n" * 5000}))
        for stream in (False, True)
    ]
    await accepted(google, 2)

    async def standing_by():
        return frames().count("Standby.wait") == 2

    await until(standing_by)
    gc.collect()
    names = frames()
    assert not [name for name in names if name.startswith(("Route.", "request_response", "wrap_app"))]
    assert names.count("disconnected") == 2
    held = [found for found in gc.get_objects() if type(found) is tuple and b"n" * 5000 in found]
    assert held == []
    proxy.app.state.services.stop()
    await asyncio.gather(*asking)
    assert await proxy.app.state.services.desk._ledger.count((JobState.COMPLETED,)) == 0
