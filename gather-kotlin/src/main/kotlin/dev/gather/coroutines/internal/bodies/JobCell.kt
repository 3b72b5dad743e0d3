package dev.gather.coroutines.internal.bodies

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * The job of the body that a worker runs, made when somebody asks for it, on whatever thread. Whoever keeps the context of
 * a body may ask when that has ended, and another is running, or none.
 */
internal abstract class JobCell {
    /*
     *                    open               somebody asks                made
     *   OVER (no body) ────────► null ─────────────────────► COMING ────────────► TaskCoroutine (for good)
     *        ▲                    │                             │ no room for it         │
     *        │                    │◄────────────────────────────┘                        │
     *        └────── close ───────┘                       close: waits for it ◄──────────┘
     */
    @Volatile private var job: Any? = OVER

    /** If one was asked for. */
    protected val coroutine: TaskCoroutine? get() = job as? TaskCoroutine

    /** Makes it; called once for a body, while that runs. */
    protected abstract fun newJob(): TaskCoroutine

    /** A body begins. */
    protected fun open() = JOB.lazySet(this, null)

    /** Null if no body runs. */
    protected fun findJob(): TaskCoroutine? {
        while (true) {
            coroutine?.let { return it }
            if (JOB.compareAndSet(this, null, COMING)) return make()
            if (job === OVER) return null
            Thread.onSpinWait() // somebody else makes it, who waits for nothing
        }
    }

    private fun make(): TaskCoroutine {
        var made: TaskCoroutine? = null
        try {
            return newJob().also { made = it }
        } finally {
            JOB.lazySet(this, made)
        }
    }

    /** The body has ended. Its job, which stays that of its task; where nobody has asked for one, there will be none. */
    protected fun close(): TaskCoroutine? {
        while (true) {
            coroutine?.let { return it } // first: mostly there is one where a body has suspended
            if (JOB.compareAndSet(this, null, OVER)) return null
            Thread.onSpinWait()
        }
    }

    private companion object {
        val OVER = Any()
        val COMING = Any()
        val JOB: AtomicReferenceFieldUpdater<JobCell, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(JobCell::class.java, Any::class.java, "job")
    }
}
