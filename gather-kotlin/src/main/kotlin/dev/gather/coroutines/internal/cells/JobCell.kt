package dev.gather.coroutines.internal.cells

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * The job of the body that a worker runs, made when somebody asks for it, on whatever thread. Whoever keeps the context of
 * a body may ask when that has ended, and another is running, or none.
 */
internal abstract class JobCell<J : Any> {
    /*
     *                    open               somebody asks                made
     *   OVER (no body) ────────► null ─────────────────────► COMING ────────────► a job (for good)
     *        ▲                    │                             │ no room for it         │
     *        │                    │◄────────────────────────────┘                        │
     *        └────── close ───────┘                       close: waits for it ◄──────────┘
     */
    @Volatile private var job: Any? = OVER

    /** If one was asked for. */
    @Suppress("UNCHECKED_CAST") // nothing else is in here
    protected val made: J? get() = job.takeUnless { it === OVER || it === COMING } as J?

    /** Makes it; called once for a body, while that runs. */
    protected abstract fun newJob(): J

    /** A body begins. */
    protected fun open() = JOB.lazySet(this, null)

    /** Null if no body runs. */
    protected fun findJob(): J? {
        while (true) {
            made?.let { return it }
            if (JOB.compareAndSet(this, null, COMING)) return make()
            if (job === OVER) return null
            Thread.onSpinWait() // somebody else makes it, who waits for nothing
        }
    }

    private fun make(): J {
        var made: J? = null
        try {
            return newJob().also { made = it }
        } finally {
            JOB.lazySet(this, made)
        }
    }

    /** The body has ended. Its job, which stays that of its task; where nobody has asked for one, there will be none. */
    protected fun close(): J? {
        while (true) {
            made?.let { return it } // first: mostly there is one where a body has suspended
            if (JOB.compareAndSet(this, null, OVER)) return null
            Thread.onSpinWait()
        }
    }

    private companion object {
        val OVER = Any()
        val COMING = Any()
        val JOB: AtomicReferenceFieldUpdater<JobCell<*>, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(JobCell::class.java, Any::class.java, "job")
    }
}
