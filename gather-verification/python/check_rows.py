"""Checks what docs/python.md says about CPython: a small program for each row, named after it.

usage: python3 check_rows.py PAGE

The docstring of a program is what the page says in the column about Python, so that neither changes without the other.
Prints a table, and fails if a row is not as the page says. Nothing takes time: the clock of the loop jumps to whatever
comes next, and what would wait for ever is told so.
"""

import asyncio
import contextvars
import gc
import inspect
import re
import sys
import threading
import traceback
import warnings
import weakref

CHECKS = []


def row(name, since=(3, 10)):
    def register(check):
        CHECKS.append((name, since, check))
        return check

    return register


class WaitsForEver(BaseException):
    """There is nothing left that could wake the loop."""


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        self.told = []
        self.set_exception_handler(lambda _, context: self.told.append(context["message"]))
        select = self._selector.select

        def jump(timeout):
            if timeout is None:
                raise WaitsForEver()
            self.now += max(timeout, 0)
            return select(0)

        self._selector.select = jump

    def time(self):
        return self.now


def run(program):
    """What an async program returns, with the loop as its argument."""
    loop = JumpingLoop()
    try:
        return loop.run_until_complete(program(loop))
    finally:
        loop.close()


class Boom(Exception):
    pass


class Odd(BaseException):
    pass


async def value(it, delay=0.0):
    await asyncio.sleep(delay)
    return it


async def fails(error, delay=0.0):
    await asyncio.sleep(delay)
    raise error


async def caught(awaitable):
    """What it raises."""
    try:
        got = await awaitable
    except BaseException as e:
        return e
    raise AssertionError(f"raised nothing but gave {got!r}")


class Child:
    """A body that waits until it is cancelled, and then cleans up for a while."""

    def __init__(self, cleanup=0.0, error=None, ignores=False):
        self.cleanup = cleanup
        self.error = error
        self.ignores = ignores
        self.cancels = []
        self.cleaned = False
        self.started = False

    async def __call__(self):
        self.started = True
        try:
            return await asyncio.sleep(1000, "late")
        except asyncio.CancelledError as e:
            self.cancels.append(e.args)
            try:
                await asyncio.sleep(self.cleanup)
            except asyncio.CancelledError as again:
                self.cancels.append(again.args)
                raise
            self.cleaned = True
            if self.error:
                raise self.error
            if not self.ignores:
                raise
            return "ignored"


# ---- call, arguments, start


@row("A1")
def _():
    """any number of positional arguments, one keyword option"""
    parameters = inspect.signature(asyncio.gather).parameters.values()
    assert [p.kind.name for p in parameters] == ["VAR_POSITIONAL", "KEYWORD_ONLY"]


@row("A2")
async def _(loop):
    """without arguments: a future that is done, with an empty list"""
    nothing = asyncio.gather()
    assert nothing.done() and nothing.result() == [] and nothing.cancel() is False


@row("A3")
async def _(loop):
    """one argument gives a list of one"""
    assert await asyncio.gather(value(1)) == [1]


@row("A4")
async def _(loop):
    """`None` and other empty things are ordinary results"""
    empty = [None, 0, "", False, []]
    assert await asyncio.gather(*map(value, empty)) == empty


@row("A5")
async def _(loop):
    """the call schedules the work, awaited or not"""
    child = Child()
    asyncio.gather(child())
    await asyncio.sleep(1)
    assert child.started


@row("A6")
async def _(loop):
    """nothing runs before the next turn of the loop, then in argument order"""
    log = []

    async def body(i):
        log.append(i)

    both = asyncio.gather(*map(body, range(5)))
    assert log == []
    await both
    assert log == [0, 1, 2, 3, 4]


@row("A7")
async def _(loop):
    """results stand in argument order"""
    assert await asyncio.gather(value("a", 3), value("b", 1), value("c", 2)) == ["a", "b", "c"]


@row("A8")
async def _(loop):
    """as long as the slowest, not as long as the sum"""
    await asyncio.gather(value(1, 3), value(2, 1), value(3, 2))
    assert round(loop.time(), 3) == 3


@row("A9")
async def _(loop):
    """coroutines, tasks, futures, nested gathers mix"""
    future = loop.create_future()
    loop.call_later(1, future.set_result, 3)
    mixed = asyncio.gather(value(1), loop.create_task(value(2)), future, asyncio.gather(value(4)))
    assert await mixed == [1, 2, 3, [4]]


@row("A10")
async def _(loop):
    """something else raises a `TypeError` at the call"""
    for bad in [1, None, "text", value]:
        try:
            asyncio.gather(bad)
        except TypeError:
            continue
        raise AssertionError(bad)


@row("A11")
async def _(loop):
    """a bad argument raises, but those before it run"""
    child = Child()
    try:
        asyncio.gather(child(), 1)
    except TypeError:
        assert not child.started
        await asyncio.sleep(1)
        assert child.started
        return
    raise AssertionError()


@row("A12")
async def _(loop):
    """a generator is consumed before anything runs"""
    log = []

    async def body(i):
        log.append(f"runs {i}")

    def bodies():
        for i in range(2):
            log.append(f"reads {i}")
            yield body(i)

    await asyncio.gather(*bodies())
    assert log == ["reads 0", "reads 1", "runs 0", "runs 1"]


@row("A13")
async def _(loop):
    """one awaitable in several places runs once"""
    runs = []

    async def body():
        runs.append(1)
        return object()

    once = body()
    a, b, c = await asyncio.gather(once, value(1), once)
    assert a is c and runs == [1]


@row("A14")
async def _(loop):
    """arguments that are equal are merged"""
    runs = []

    class Equal:
        def __eq__(self, other):
            return isinstance(other, Equal)

        def __hash__(self):
            return 1

        def __await__(self):
            runs.append(self)
            return value(1).__await__()

    assert await asyncio.gather(Equal(), Equal()) == [1, 1] and len(runs) == 1


@row("A15")
async def _(loop):
    """a coroutine can be used once, a task in any number of gathers"""
    coroutine = value(1)
    await asyncio.gather(coroutine)
    assert isinstance(await caught(asyncio.gather(coroutine)), RuntimeError)
    task = loop.create_task(value(2))
    assert await asyncio.gather(asyncio.gather(task), asyncio.gather(task)) == [[2], [2]]
    assert await asyncio.gather(task) == [2]


@row("A16")
async def _(loop):
    """all arguments must belong to one event loop"""
    other = JumpingLoop()
    try:
        asyncio.gather(loop.create_future(), other.create_future())
    except ValueError:
        return
    finally:
        other.close()
    raise AssertionError()


@row("A17")
def _():
    """without an event loop there is an error, up to 3.13 not on the main thread"""
    seen = []

    def call():
        body = value(1)
        try:
            seen.append(asyncio.gather(body))
        except RuntimeError as e:
            seen.append(e)
        body.close()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert isinstance(seen[0], RuntimeError)
    if sys.version_info < (3, 14):
        asyncio.set_event_loop_policy(None)  # as in a process that has done nothing yet
        call()
        assert not seen[1].done()
        seen[1].get_loop().close()


@row("A18")
async def _(loop):
    """a future of another loop is found out late"""
    other = JumpingLoop()
    strange = asyncio.gather(other.create_future())  # no error yet
    assert isinstance(await caught(strange), RuntimeError)
    other.close()


# ---- success


@row("A19")
async def _(loop):
    """done when the last distinct argument is, told once"""
    a, b = loop.create_future(), loop.create_future()
    told = []
    all_three = asyncio.gather(a, b, a)
    all_three.add_done_callback(told.append)
    a.set_result(1)
    await asyncio.sleep(1)
    assert not all_three.done()
    b.set_result(2)
    await asyncio.sleep(1)
    assert all_three.result() == [1, 2, 1] and told == [all_three]


@row("A20")
async def _(loop):
    """one list, which everybody who has it can change"""
    one = asyncio.gather(value(1))
    (await one).append("more")
    assert await one == [1, "more"]


@row("A21")
async def _(loop):
    """many may wait, all get the same list or exception"""
    good = asyncio.gather(value(1))

    async def wait():
        return await good

    a, b = await asyncio.gather(wait(), wait())
    assert a is b
    bad = asyncio.gather(fails(Boom()))
    a, b = await asyncio.gather(caught(bad), caught(bad))
    assert a is b


@row("A22", since=(3, 12))
async def _(loop):
    """if all arguments are done, so is the gather"""
    done = loop.create_future()
    done.set_result(1)
    assert asyncio.gather(done, done).done()


@row("A23")
async def _(loop):
    """an exception that is returned is a value, and looks like a raised one when failures are collected"""
    error = Boom()
    assert await asyncio.gather(value(error)) == [error]
    assert await asyncio.gather(value(error), fails(error), return_exceptions=True) == [error, error]


# ---- failure


@row("A24")
async def _(loop):
    """the first failure in time is raised at once, the same object"""
    early = Boom("early")
    assert await caught(asyncio.gather(fails(Boom("late"), 2), fails(early, 1), value(1, 9))) is early
    assert round(loop.time(), 3) == 1


@row("A25")
async def _(loop):
    """in one turn of the loop the order of completion decides"""
    a, b = loop.create_future(), loop.create_future()
    both = asyncio.gather(a, b)
    b.set_exception(Boom("b"))
    a.set_exception(Boom("a"))
    assert str(await caught(both)) == "b"


@row("A26")
async def _(loop):
    """of failures before the call, the first in argument order"""
    a, b = loop.create_future(), loop.create_future()
    b.set_exception(Boom("b"))
    a.set_exception(Boom("a"))
    assert str(await caught(asyncio.gather(a, b))) == "a"


@row("A27")
async def _(loop):
    """the others run on"""
    other = loop.create_task(value(1, 5))
    await caught(asyncio.gather(fails(Boom()), other))
    assert not other.done() and await other == 1


@row("A28")
async def _(loop):
    """later failures vanish without a trace"""
    await caught(asyncio.gather(fails(Boom("first")), fails(Boom("second"), 1)))
    await asyncio.sleep(5)
    gc.collect()
    assert loop.told == []


@row("A29")
async def _(loop):
    """a cancelled argument is a failure, the gather is not cancelled, the others survive"""
    one, other = loop.create_task(value(1, 5)), loop.create_task(value(2, 5))
    both = asyncio.gather(one, other)
    one.cancel()
    assert isinstance(await caught(both), asyncio.CancelledError)
    assert not both.cancelled() and await other == 2


@row("A30")
async def _(loop):
    """so a caller looks cancelled though nobody cancelled it"""
    one = loop.create_task(value(1, 5))

    async def caller():
        await asyncio.gather(one)

    waiting = loop.create_task(caller())
    loop.call_later(1, one.cancel)
    await caught(waiting)
    assert waiting.cancelled()


@row("A31")
async def _(loop):
    """other exceptions that are no `Exception` count alike"""
    error = Odd()
    assert await caught(asyncio.gather(fails(error), value(1, 5))) is error


@row("A32")
def _():
    """`KeyboardInterrupt` and `SystemExit` tear through the event loop"""
    for error in [KeyboardInterrupt(), SystemExit()]:
        after = []

        async def program(loop):
            await caught(asyncio.gather(fails(error), return_exceptions=True))
            after.append(1)

        try:
            run(program)
        except (KeyboardInterrupt, SystemExit) as e:
            assert e is error and after == []
            gc.collect()
            continue
        raise AssertionError()


@row("A33")
async def _(loop):
    """a failed gather nobody looked at is logged once"""
    asyncio.gather(fails(Boom()), fails(Boom()))
    await asyncio.sleep(5)
    gc.collect()
    assert loop.told == ["_GatheringFuture exception was never retrieved"]


@row("A34", since=(3, 11))
async def _(loop):
    """an exception group passes unchanged"""
    group = ExceptionGroup("two", [Boom(), Boom()])  # noqa: F821
    assert await caught(asyncio.gather(fails(group))) is group


@row("A35")
def _():
    """what runs on lives as long as the loop, and there is no handle to it"""
    child = Child()

    async def program():
        failed = asyncio.gather(fails(Boom()), child())
        await caught(failed)
        assert not child.cancels and failed.cancel() is False
        assert [name for name in dir(failed) if "child" in name.lower() and not name.startswith("_")] == []

    asyncio.run(program())
    assert child.cancels


# ---- collecting failures


@row("A36")
async def _(loop):
    """waits for all, failures stand in the list"""
    error = Boom()
    assert await asyncio.gather(fails(error), value(1, 5), return_exceptions=True) == [error, 1]


@row("A37")
async def _(loop):
    """a cancelled argument stands in the list, the rest is waited for"""
    one = loop.create_task(value(1, 9))
    loop.call_later(1, one.cancel)
    gone, there = await asyncio.gather(one, value(2, 5), return_exceptions=True)
    assert isinstance(gone, asyncio.CancelledError) and there == 2


@row("A38")
async def _(loop):
    """as a new exception object, mostly without its message"""
    mine = asyncio.CancelledError("mine")
    (stands,) = await asyncio.gather(fails(mine), return_exceptions=True)
    assert stands is not mine and stands.args == ("",)


@row("A39")
async def _(loop):
    """in two slots a failed task is one object, a cancelled one two"""
    failed, gone = loop.create_task(fails(Boom())), loop.create_task(fails(asyncio.CancelledError()))
    a, b, c, d = await asyncio.gather(failed, failed, gone, gone, return_exceptions=True)
    assert a is b and c is not d


@row("A40")
async def _(loop):
    """exceptions that are no `Exception` are collected too"""
    error = Odd()
    assert await asyncio.gather(fails(error), return_exceptions=True) == [error]


@row("A41")
async def _(loop):
    """a list of values or exceptions, told apart by a flag"""
    plain, collecting = await asyncio.gather(value(1)), await asyncio.gather(value(1), return_exceptions=True)
    assert type(plain) is type(collecting) is list and plain == collecting


# ---- cancellation


@row("A42")
async def _(loop):
    """`cancel` asks every argument, returns whether one took it, and is not done yet"""
    a, b = Child(), Child()
    both = asyncio.gather(a(), b(), value(1))
    await asyncio.sleep(1)
    assert both.cancel() is True and not both.done()
    await caught(both)
    assert a.cancels and b.cancels


@row("A43")
async def _(loop):
    """`cancel` after the end returns false and touches nobody; before it, every further one may return true"""
    other = Child()
    for ended in [asyncio.gather(value(1)), asyncio.gather(fails(Boom()), other())]:
        await asyncio.wait([ended])
        assert ended.cancel() is False and (ended.exception() or ended.result() == [1])
    await asyncio.sleep(1)
    assert other.started and not other.cancels
    stopped = asyncio.gather(Child(cleanup=5)())
    await asyncio.sleep(1)
    assert stopped.cancel() is True
    await asyncio.sleep(1)
    assert stopped.cancel() is True
    await caught(stopped)
    assert stopped.cancel() is False


@row("A44")
async def _(loop):
    """if all are done, `cancel` returns false and the result comes, unless an earlier one was taken"""
    a, b = loop.create_future(), loop.create_future()
    answers = []
    a.add_done_callback(lambda _: answers.append((both.done(), both.cancel())))
    both = asyncio.gather(a, b)
    a.add_done_callback(lambda _: answers.append((both.done(), both.cancel())))
    a.set_result(1)
    b.set_result(2)
    assert not both.done() and both.cancel() is False
    assert await both == [1, 2] and answers == [(False, False), (False, False)]
    task = loop.create_task(Child(ignores=True)())
    task.add_done_callback(lambda _: answers.append((taken.done(), taken.cancel())))
    taken = asyncio.gather(task)
    await asyncio.sleep(1)
    assert taken.cancel() is True and isinstance(await caught(taken), asyncio.CancelledError)
    assert task.result() == "ignored" and answers[2:] == [(False, False)]


@row("A45")
async def _(loop):
    """cancelling the waiting task at that moment loses the result"""
    a = loop.create_future()
    both = asyncio.gather(a)
    both.add_done_callback(lambda _: waiting.cancel())

    async def wait():
        return await both

    waiting = loop.create_task(wait())
    loop.call_later(1, a.set_result, 1)
    await caught(waiting)
    assert waiting.cancelled() and both.result() == [1]


@row("A46")
async def _(loop):
    """after `cancel` it is done when its arguments are"""
    one = asyncio.gather(Child(cleanup=5)())
    await asyncio.sleep(1)
    one.cancel()
    await asyncio.sleep(4)
    assert not one.done()
    await caught(one)
    assert round(loop.time(), 3) == 6


@row("A47")
async def _(loop):
    """`cancelled()` stays false for ever"""
    for collects in [False, True]:
        one = asyncio.gather(Child()(), return_exceptions=collects)
        await asyncio.sleep(1)
        one.cancel()
        assert isinstance(await caught(one), asyncio.CancelledError) and one.done() and not one.cancelled()


@row("A48")
async def _(loop):
    """cancelled while collecting failures: waits for all, no list"""
    a, b = Child(cleanup=1), Child(cleanup=5)
    both = asyncio.gather(a(), b(), return_exceptions=True)
    await asyncio.sleep(1)
    both.cancel()
    assert isinstance(await caught(both), asyncio.CancelledError) and a.cleaned and b.cleaned


@row("A49")
async def _(loop):
    """cancelled otherwise: raises when the first argument has ended, others may still clean up"""
    a, b = Child(cleanup=1), Child(cleanup=5)
    both = asyncio.gather(a(), b())
    await asyncio.sleep(1)
    both.cancel()
    assert isinstance(await caught(both), asyncio.CancelledError) and a.cleaned and not b.cleaned


@row("A50")
async def _(loop):
    """an argument that ignores the cancel delays the end, its value is dropped"""
    one = asyncio.gather(Child(cleanup=5, ignores=True)())
    await asyncio.sleep(1)
    one.cancel()
    assert isinstance(await caught(one), asyncio.CancelledError) and round(loop.time(), 3) == 6


@row("A51")
async def _(loop):
    """an error in a cleanup may replace the cancellation, or vanish"""
    for delay, raised in [(0, Boom), (5, asyncio.CancelledError)]:
        both = asyncio.gather(Child(cleanup=delay, error=Boom())(), Child(cleanup=2)())
        await asyncio.sleep(1)
        both.cancel()
        assert isinstance(await caught(both), raised)
        await asyncio.sleep(9)
    gc.collect()
    assert loop.told == []


@row("A52")
async def _(loop):
    """cancelled before the start, nothing runs"""
    a, b = Child(), Child()
    both = asyncio.gather(a(), b())
    both.cancel()
    await caught(both)
    await asyncio.sleep(1)
    assert not a.started and not b.started


@row("A53")
async def _(loop):
    """a second `cancel` interrupts the cleanup"""
    child = Child(cleanup=5)
    one = asyncio.gather(child())
    for _ in range(2):
        await asyncio.sleep(1)
        one.cancel()
    await caught(one)
    assert len(child.cancels) == 2 and not child.cleaned


@row("A54")
async def _(loop):
    """an argument in three slots is asked three times"""
    asked = []

    class Asked(asyncio.Future):
        def cancel(self, msg=None):
            asked.append(self)
            return super().cancel(msg)

    one = Asked()
    three = asyncio.gather(one, one, one)
    three.cancel()
    await caught(three)
    assert len(asked) == 3


@row("A55")
async def _(loop):
    """a message travels with the cancel, sometimes"""
    told = []
    for child in [Child(), Child(ignores=True)]:
        one = asyncio.gather(child())
        await asyncio.sleep(1)
        one.cancel("why")
        told.append((await caught(one)).args)
        assert child.cancels == [("why",)]
    assert told == [() if sys.version_info < (3, 11) else ("why",), ()]


@row("A56")
async def _(loop):
    """a failure just before the cancel wins although `cancel` returned true"""
    a = loop.create_future()
    both = asyncio.gather(a, Child()())
    await asyncio.sleep(1)
    a.set_exception(Boom())
    assert both.cancel() is True and isinstance(await caught(both), Boom)


@row("A57")
async def _(loop):
    """an argument may cancel the task that waits"""
    child = Child()

    async def wait():
        async def cancels():
            waiting.cancel()

        await asyncio.gather(child(), cancels())

    waiting = loop.create_task(wait())
    await caught(waiting)
    assert waiting.cancelled() and child.cancels


@row("A58")
async def _(loop):
    """two gathers share a future: cancelling one cancels it for both, unless shielded"""
    for shield in [lambda it: it, asyncio.shield]:
        shared = loop.create_task(value(1, 5))
        a, b = asyncio.gather(shield(shared)), asyncio.gather(shield(shared))
        await asyncio.sleep(1)
        a.cancel()
        await caught(a)
        (got,) = await asyncio.gather(b, return_exceptions=True)
        assert got == [1] if shield is asyncio.shield else isinstance(got, asyncio.CancelledError)


@row("A59")
async def _(loop):
    """a shielded argument runs on when the gather is cancelled"""
    task = loop.create_task(value(1, 5))
    one = asyncio.gather(asyncio.shield(task))
    await asyncio.sleep(1)
    one.cancel()
    await caught(one)
    assert not task.done() and await task == 1


@row("A60")
async def _(loop):
    """cancelling a shield round a gather leaves the gather alone"""
    one = asyncio.gather(value(1, 5))
    shield = asyncio.shield(one)
    await asyncio.sleep(1)
    shield.cancel()
    assert shield.cancelled() and await one == [1]


@row("A61")
async def _(loop):
    """of two who wait, one that is cancelled cancels the gather for both"""
    one = asyncio.gather(value(1, 5))

    async def wait():
        await one

    a, b = loop.create_task(wait()), loop.create_task(wait())
    await asyncio.sleep(1)
    a.cancel()
    await asyncio.wait([a, b])
    assert a.cancelled() and b.cancelled()


@row("A62")
async def _(loop):
    """a timeout is a cancel, and what was finished is lost"""
    child = Child()
    late = await caught(asyncio.wait_for(asyncio.gather(value(1), child()), 2))
    assert isinstance(late, asyncio.TimeoutError) and child.cancels
    assert not hasattr(late, "result") and not hasattr(late, "outcomes")


# ---- nesting


@row("A63")
async def _(loop):
    """lists nest; collecting failures holds for one level"""
    error = Boom()
    inner = asyncio.gather(fails(error), value(1), return_exceptions=True)
    assert await asyncio.gather(inner, value(2)) == [[error, 1], 2]
    inner = asyncio.gather(fails(error), value(1))
    assert await asyncio.gather(inner, value(2), return_exceptions=True) == [error, 2]


@row("A64")
async def _(loop):
    """an inner failure is an outer one at once, all others run on"""
    a, b = Child(), Child()
    error = Boom()
    outer = asyncio.gather(asyncio.gather(fails(error), a()), b())
    assert await caught(outer) is error and loop.time() == 0
    await asyncio.sleep(1)
    assert not a.cancels and not b.cancels


@row("A65")
async def _(loop):
    """cancelling the outer gather reaches every leaf"""
    leaves = [Child() for _ in range(4)]
    inner = [asyncio.gather(a(), b(), return_exceptions=True) for a, b in [leaves[:2], leaves[2:]]]
    outer = asyncio.gather(*inner)
    await asyncio.sleep(1)
    outer.cancel()
    await caught(outer)
    await asyncio.sleep(1)
    assert all(leaf.cancels for leaf in leaves)


@row("A66")
async def _(loop):
    """cancelling fails at about 985 levels"""

    def nested(levels):
        one = loop.create_future()
        for _ in range(levels):
            one = asyncio.gather(one)
        return one

    shallow, deep = nested(900), nested(1000)
    assert shallow.cancel()
    try:
        deep.cancel()
    except RecursionError:
        return
    raise AssertionError()


@row("A67")
def _():
    """a task that gathers itself waits for ever, and cancelling it only raises a `RecursionError`"""

    async def itself():
        await asyncio.gather(asyncio.current_task())

    async def cancelled(loop):
        task = loop.create_task(itself())
        await asyncio.sleep(1)
        try:
            task.cancel()
        except RecursionError:
            await task

    for program in [lambda loop: itself(), cancelled]:
        try:
            run(program)
        except WaitsForEver:
            continue
        raise AssertionError()


# ---- context and the rest


@row("A68")
async def _(loop):
    """each coroutine has its own copy of the context of the call"""
    variable = contextvars.ContextVar("variable", default="none")
    variable.set("call")

    async def body(i):
        seen = variable.get()
        variable.set(i)
        await asyncio.sleep(1)
        return seen, variable.get()

    assert await asyncio.gather(body(1), body(2)) == [("call", 1), ("call", 2)] and variable.get() == "call"


@row("A69", since=(3, 12))
async def _(loop):
    """an eager task factory runs bodies inside the call, and all of them, even after a failure"""
    loop.set_task_factory(asyncio.eager_task_factory)
    log = []

    async def body(error):
        log.append(1)
        if error:
            raise error

    both = asyncio.gather(body(Boom()), body(None), body(Boom()))
    assert log == [1, 1, 1]
    await caught(both)


@row("A70")
async def _(loop):
    """tasks of coroutines are called `Task-N`"""

    async def name():
        return asyncio.current_task().get_name()

    names = await asyncio.gather(name(), name())
    assert all(re.fullmatch(r"Task-\d+", it) for it in names) and names[0] != names[1]


@row("A71")
async def _(loop):
    """the gather keeps its arguments, and dropping it stops nothing"""
    one = loop.create_future()
    kept = weakref.ref(one)
    both = asyncio.gather(one)
    del one
    gc.collect()
    assert kept() is not None
    child = Child()
    asyncio.gather(child())
    gc.collect()
    await asyncio.sleep(1)
    gc.collect()
    assert child.started and not child.cancels
    kept().set_result(1)
    assert await both == [1]


@row("A72")
async def _(loop):
    """`repr` shows pending, or the result"""
    one = asyncio.gather(value(1))
    assert "pending" in repr(one)
    await one
    assert "result=[1]" in repr(one)


@row("A74")
async def _(loop):
    """somebody else may set the result, what comes later is ignored"""
    task = loop.create_task(value(1, 5))
    one = asyncio.gather(task)
    one.set_result("other")
    assert await one == "other" and await task == 1
    await asyncio.sleep(1)
    assert one.result() == "other" and loop.told == []


# ---- the table


def said(page):
    """What the page says about Python, by rule."""
    with open(page, encoding="utf-8") as lines:
        cells = [line.split("|") for line in lines if re.match(r"\| [AB]\d+ \|", line)]
    return {row[1].strip(): row[2].strip() for row in cells}


def verdict(says, name, since, check):
    if says.get(name) != check.__doc__:
        return f"the page says: {says.get(name)}"
    if sys.version_info < since:
        return None
    try:
        run(check) if inspect.iscoroutinefunction(check) else check()
    except (Exception, WaitsForEver):
        return traceback.format_exc().strip()
    return ""


def main(page):
    if sys.version_info < (3, 10):
        print(f"no row is checked: CPython {sys.version.split()[0]} is too old")
        return
    warnings.simplefilter("ignore")
    says = said(page)
    wrong = checked = 0
    print(f"CPython {sys.version.split()[0]}")
    for name, since, check in CHECKS:
        found = verdict(says, name, since, check)
        wrong += bool(found)
        checked += found == ""
        mark = "ok" if found == "" else f"since {since[0]}.{since[1]}" if found is None else "WRONG"
        print(f"{name:4} {mark:10} {check.__doc__}")
        if found:
            print(found)
    print(f"{checked} rows are as the page says, {wrong} are not")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1])
