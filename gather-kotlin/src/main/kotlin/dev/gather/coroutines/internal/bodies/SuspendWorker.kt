package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.cells.JobCell
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker
import dev.gather.coroutines.internal.run.isControlFlow
import dev.gather.coroutines.internal.run.isFatal
import dev.gather.coroutines.internal.run.refusalBehind
import dev.gather.threads.BodyContext
import dev.gather.threads.HeldPermits
import dev.gather.threads.Station
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Job
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/**
 * Runs suspending bodies. To the body that it runs it is all that a coroutine of its own would be: its completion,
 * its context and, through that, its job. (It is no stack frame: a debugger would take the body for a part of the
 * caller, and not for a coroutine.) The job, a child of the gather's, is created when somebody asks for it;
 * most bodies that do not suspend never do, and then nothing tells whether there is one. Such a worker is used for
 * the next task; one whose job was asked for stays that of its task for ever.
 */
internal open class SuspendWorker(
    protected val run: Run,
    protected val bodies: SuspendingBodies,
) : JobCell<TaskCoroutine>(),
    Worker,
    Continuation<Any?>,
    CoroutineContext,
    Station.Parent {
    override var index: Int = 0
    override var permit: Permit? = null

    /**
     * The thread inside [start]; then the result, if the body is resumed on that thread, inside of it, up to its end.
     * Each thread sees what it has written itself, which is all that anybody has to know: so it is a plain field.
     */
    private var starter: Any? = null

    /** Of the task that it runs: one, since elements are told from each other by identity. */
    @Volatile private var name: CoroutineName? = null

    /** Of the thread that it runs on, where it stays until its body suspends; [LEFT] for who goes on when that is over. */
    private var station: Array<Any?>? = null

    /** What its thread holds while those who hear of the end of its job may borrow more; [NOTHING] for nothing. */
    private var outside: Any? = null

    protected open val startNanos: Long get() = 0

    // ---- the run of one body

    override fun run(item: Any?): Worker? {
        if (run.startsNoMore()) { // reading the item may have taken long
            run.ledger.neverStarted(run, index, takePermit())
            return this
        }
        open()
        if (bodies.isNamed) name = null
        if (!begins()) {
            close()
            return this
        }
        if (starter == null) starter = Thread.currentThread()
        val value =
            try {
                start(item)
            } catch (e: Throwable) {
                starter = null
                return endedHere(Result.failure(e))
            }
        if (value !== COROUTINE_SUSPENDED) return endedHere(Result.success(value))
        val early = starter as? Early
        starter = null
        return early?.let { endedHere(it.result) } // else the task has the token by now, and may have ended
    }

    override fun tryGoOn(): Boolean = run.tokens.tryTake()

    override fun successor(): Worker {
        val next = bodies.newWorker(run) as SuspendWorker
        val here = station
        if (here !== LEFT) next.station = here
        return next
    }

    /** The task starts; false if it has no time to. */
    protected open fun begins(): Boolean {
        run.ledger.started(run, index, permit)
        return true
    }

    protected open fun start(item: Any?): Any? {
        val own = permit ?: return startKnown(item)
        return holding(own).here { startKnown(item) }
    }

    private fun startKnown(item: Any?): Any? {
        if (!isKnownToThreads) return bodies.start(item, this)
        val station = station ?: Station.open().also { station = it }
        val before = Station.at(station, this)
        try {
            return bodies.start(item, this)
        } finally {
            Station.at(station, before)
        }
    }

    /** Who takes the next task; null if this one has not ended. */
    private fun endedHere(result: Result<Any?>): Worker? {
        val coroutine = close()
        if (coroutine == null) {
            ended(result.getOrNull(), result.exceptionOrNull())
            return this
        }
        starter = null // it may be kept for as long as its job is
        // It may have to wait for what was launched in it, with the token.
        return if (endsWith(coroutine, result)) successor() else null
    }

    override fun resumeWith(result: Result<Any?>) {
        if (starter === Thread.currentThread()) {
            starter = Early(result)
            return
        }
        station = LEFT // whoever hears of the end is no part of the body
        onThreadOfItsOwnName(bodies.namesThreads) {
            val coroutine = close()
            if (coroutine == null) {
                ended(result.getOrNull(), result.exceptionOrNull())
            } else if (!endsWith(coroutine, result)) {
                return
            }
            bodies.goOn(run, index, wasMoved = refusalBehind(coroutine?.cancellation()) != null)
        }
    }

    /** Whoever hears of the end of the job is a part of the gather, as a listener is; what we do about it is not. */
    private fun endsWith(
        coroutine: TaskCoroutine,
        result: Result<Any?>,
    ): Boolean {
        if (run.ledger.undelivered != null) coroutine.returned = result.getOrNull()
        if (run.admission == null) return coroutine.endsWith(result)
        outside = HeldPermits.current() ?: NOTHING
        return run.asking { coroutine.endsWith(result) } as Boolean
    }

    /** The job ends, and nobody has heard of it yet. */
    fun endsNow(
        value: Any?,
        error: Throwable?,
    ) {
        val outside = outside
        this.outside = null
        when (outside) {
            null -> ended(value, error)
            is HeldPermits -> outside.call { ended(value, error) }
            else -> HeldPermits.without { ended(value, error) }
        }
    }

    /** What was launched in the body has ended after it; this thread is not ours. */
    fun endedLate(
        value: Any?,
        error: Throwable?,
    ) = Timely.run(bodies.context) {
        onThreadOfItsOwnName(bodies.namesThreads) {
            outsideOfBodies { ended(value, error) } // which may be that of another task
            run.taskLeft(index)
        }
    }

    open fun ended(
        value: Any?,
        error: Throwable?,
    ) {
        val permit = takePermit()
        val thrown = error ?: promisedBySuspending(value)?.takeUnless { run.source!!.runsAlready }
        if (thrown == null) {
            run.ledger.succeeded(run, index, value, startNanos, permit)
            return
        }
        val cause = refusalIn(thrown) ?: thrown
        val isFatal = isFatal(cause) || isControlFlow(cause) && !run.isStopped()
        run.ledger.failed(run, index, cause, startNanos, permit, isFatal)
        if (error != null) run.ledger.undelivered?.drop(run, index, returned)
    }

    /** A dispatcher that cannot resume the body cancels its job instead, and says why. */
    private fun refusalIn(error: Throwable): RejectedExecutionException? =
        if (run.isStopped()) null else refusalBehind(error)

    /** Of a body whose job was asked for, and may have ended in another way. */
    protected val returned: Any? get() = made?.returned

    override fun refuse(
        item: Any?,
        refusal: Throwable,
    ) {
        run.ledger.failed(run, index, refusal, run.bodies.nanos(), takePermit(), hasStarted = false)
    }

    protected fun takePermit(): Permit? = permit?.also { permit = null }

    private class Early(
        @JvmField val result: Result<Any?>,
    )

    private companion object {
        val NOTHING = Any()
        val LEFT = arrayOfNulls<Any>(1)
    }

    // ---- gathers of the Java door that the body starts

    val isKnownToThreads: Boolean get() = bodies.isKnownToThreads

    override fun adopt(part: Station.Part): Station.Membership =
        if (station === LEFT) Station.NOBODYS else CoroutineStation(this).adopt(part)

    /** Whose job was asked for stays that of its task. */
    override fun lasting(): Station.Parent = if (station === LEFT) this else LastingStation(this)

    override fun owner(): Any? = bodies.context[Nesting]?.owner

    override fun ofCoroutine(): BodyContext? = ElementForOthers.all(elements)

    // ---- the context of the body

    override val context: CoroutineContext get() = this

    private fun job(): Job = findJob() ?: Job().apply { cancel(null) } // the body has ended, and never had one

    override fun newJob(): TaskCoroutine {
        val children = bodies.childrenOf(run)
        return TaskCoroutine(children, this).also { children.add(it, index) }
    }

    /** The context but for the job, the permit and the name. */
    protected open val elements: CoroutineContext get() = bodies.elements

    @Suppress("UNCHECKED_CAST") // the only elements with these keys
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        when {
            key === Job -> job() as E
            key === HeldPermit -> held() as E?
            key === CoroutineName && bodies.isNamed -> name() as E
            else -> elements[key]
        }

    private fun held(): HeldPermit? = permit?.let(::holding) ?: elements[HeldPermit]

    private fun holding(own: Permit) = HeldPermit.with(elements, bodies.limiter!!, own)

    protected open val elementCount: Any get() = bodies.elementCount

    @Suppress("UNCHECKED_CAST") // it is what folding all would come to
    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R {
        if (ElementCount.isAsked(initial, operation)) {
            job() // who suspends can be seen from now on
            return elementCount as R
        }
        val folded = operation(named().fold(initial, operation), job())
        if (bodies.limiter == null || HoldingContext.isCompared(initial, operation)) return folded
        val own = permit // the task may end at any moment, on another thread
        if (own != null) return holding(own).foldedInto(initial, folded, operation)
        return if (initial is CoroutineContext) folded else operation(folded, ElementCount.NOTHING)
    }

    /** The elements may be a context of somebody else's, which has a say in what is added to them. */
    override fun plus(context: CoroutineContext): CoroutineContext {
        if (context === EmptyCoroutineContext) return this
        val rest = named() + job()
        return (held()?.let { HoldingContext(rest, it) } ?: rest) + context
    }

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext {
        val rest = if (key === Job) named() else named().minusKey(key) + job()
        val held = held()
        return if (held == null || key === HeldPermit) rest else HoldingContext(rest, held)
    }

    private fun named(): CoroutineContext = if (bodies.isNamed) elements + name() else elements

    private fun name(): CoroutineName =
        name ?: synchronized(this) { name ?: bodies.coroutineName(run, index).also { name = it } }

    override fun toString(): String = minusKey(HeldPermit).toString()
}
