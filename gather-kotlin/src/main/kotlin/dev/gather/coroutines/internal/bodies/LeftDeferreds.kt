package dev.gather.coroutines.internal.bodies

import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import java.lang.ref.WeakReference
import java.util.Collections
import java.util.IdentityHashMap
import java.util.WeakHashMap
import kotlin.coroutines.cancellation.CancellationException

/**
 * The deferreds that gathers have left to an owner while they were pending: cancelled with the owner, who ends after
 * them. One child of the owner, be there any number of gathers, and one note for each deferred: neither may ever end.
 */
internal class LeftDeferreds private constructor() {
    // All guarded by LEFT; no code of a user runs inside.
    private val pending: MutableSet<Deferred<*>> = Collections.newSetFromMap(IdentityHashMap())
    private var isOver = false
    private var child: StandIn? = null

    @Volatile private var cancellation: CancellationException? = null

    private fun beginsIn(owner: Job) {
        val child = StandIn(owner + Nesting.Standing(::listed))
        child.onCancelling { cause ->
            val cancellation = cause as? CancellationException ?: CancellationException("the owner has failed")
            this.cancellation = cancellation
            listed().forEach { it.cancel(cancellation) }
        }
        val isOver = synchronized(LEFT) { isOver.also { this.child = child } }
        if (isOver) child.end()
    }

    private fun listed(): List<Deferred<*>> = synchronized(LEFT) { pending.toList() }

    private fun watch(deferred: Deferred<*>) {
        deferred.invokeOnCompletion { hasEnded(deferred) }
        cancellation?.let(deferred::cancel)
    }

    private fun hasEnded(deferred: Deferred<*>) {
        val child =
            synchronized(LEFT) {
                pending.remove(deferred)
                if (pending.isNotEmpty()) return
                isOver = true
                child
            }
        child?.end()
    }

    companion object {
        /** By owner; held by that alone, as its child. */
        private val LEFT = WeakHashMap<Job, WeakReference<LeftDeferreds>>()

        fun leave(
            owner: Job,
            deferreds: List<Deferred<*>>,
        ) {
            for (deferred in deferreds) {
                if (!deferred.isCompleted) leave(owner, deferred)
            }
        }

        private fun leave(
            owner: Job,
            deferred: Deferred<*>,
        ) {
            var isNew = false
            val left =
                synchronized(LEFT) {
                    val known = LEFT[owner]?.get()?.takeUnless { it.isOver }
                    val left = known ?: LeftDeferreds().also { LEFT[owner] = WeakReference(it) }
                    if (!left.pending.add(deferred)) return
                    isNew = known == null
                    left
                }
            owner.andAround.show()
            Nesting.begunToWait()
            if (isNew) left.beginsIn(owner)
            left.watch(deferred)
        }
    }
}
