"""Running a coroutine from a test, also in a worker where a browser walk has left its own loop in the main thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def finish(coroutine: Coroutine[Any, Any, T], seconds: float = 20) -> T:
    """The coroutine's answer, from a loop of its own on a thread of its own."""

    async def within() -> T:
        return await asyncio.wait_for(coroutine, seconds)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(within())).result()
