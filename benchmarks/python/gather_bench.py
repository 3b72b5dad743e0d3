"""Does with Python's asyncio.gather what the JVM does, and prints rows as JMH writes them.

usage: python3 gather_bench.py SECONDS WORKLOAD:TASKS...
"""

import asyncio
import gc
import json
import platform
import sys
import time

LEAST_SAMPLES = 3
LIMIT = 16
IN_ROUNDS = {"NotSuspending", "YieldingOnce", "LimitedSuspending", "SmallKotlin"}


def rounds(workload, n):
    """As often as a coroutine of the JVM does the same in one call: see Rounds.java."""
    return max(1, 1000 // n) if workload in IN_ROUNDS else 1


async def shortly(item):
    return item


async def yielding(item):
    await asyncio.sleep(0)
    return item


async def pausing(item):
    await asyncio.sleep(0.01)
    return item


async def all_of(body, items):
    return await asyncio.gather(*(body(item) for item in items))


async def limited(items):
    permits = asyncio.Semaphore(LIMIT)

    async def body(item):
        async with permits:
            return await shortly(item)

    return await asyncio.gather(*(body(item) for item in items))


async def completed(items):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in items]
    for future, item in zip(futures, items):
        future.set_result(item)
    start = time.perf_counter_ns()
    results = await asyncio.gather(*futures)
    return results, time.perf_counter_ns() - start


async def cancelled(items):
    """From the cancel to the end of all tasks; each of them is suspended by then."""
    tasks = asyncio.gather(*(forever(item) for item in items))
    await asyncio.sleep(0)  # lets all of them start
    start = time.perf_counter_ns()
    tasks.cancel()
    try:
        await tasks
    except asyncio.CancelledError:
        pass
    return items, time.perf_counter_ns() - start


async def forever(item):
    await asyncio.get_running_loop().create_future()
    return item


async def timed(call):
    start = time.perf_counter_ns()
    results = await call
    return results, time.perf_counter_ns() - start


WORKLOADS = {
    "NotSuspending": lambda items: timed(all_of(shortly, items)),
    "YieldingOnce": lambda items: timed(all_of(yielding, items)),
    "Delaying": lambda items: timed(all_of(pausing, items)),
    "LimitedSuspending": lambda items: timed(limited(items)),
    "CompletedFutures": completed,
    "SmallKotlin": lambda items: timed(
        asyncio.gather(shortly(items[0]), shortly(items[1]), shortly(items[2]))
    ),
    "CancelSuspended": cancelled,
}


async def samples(workload, n, seconds):
    items = list(range(n))
    taken = []
    end = time.monotonic() + seconds
    while len(taken) <= LEAST_SAMPLES or time.monotonic() < end:
        nanos = 0
        for _ in range(rounds(workload, n)):
            results, took = await WORKLOADS[workload](items)
            if results != items:
                raise AssertionError(f"{workload}: not the items in their order")
            nanos += took
        taken.append(nanos)
        gc.collect()
    return taken[1:]  # the first one was to warm up


def row(workload, n, seconds):
    taken = asyncio.run(samples(workload, n, seconds))
    params = {"n": str(n)}
    if workload == "LimitedSuspending":
        params["limit"] = str(LIMIT)
    return {
        "benchmark": f"python.{workload}.python",
        "mode": "avgt",
        "pythonVersion": platform.python_version(),
        "params": params,
        "primaryMetric": {
            "score": sum(taken) / len(taken),
            "scoreUnit": "ns/op",
            "rawData": [taken],
        },
    }


def main(seconds, *arguments):
    rows = []
    for argument in arguments:
        workload, n = argument.split(":")
        print(f"# Python: {workload}, n = {n}", file=sys.stderr)
        rows.append(row(workload, int(n), float(seconds)))
    json.dump(rows, sys.stdout, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
