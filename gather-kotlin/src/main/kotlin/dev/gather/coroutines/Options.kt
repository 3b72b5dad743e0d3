package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.GatherOptions
import dev.gather.Limiter
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/** The `limit` of a gather that runs all its tasks at once. */
public const val UNLIMITED: Int = Int.MAX_VALUE

/**
 * Options to keep and share, say one set per backend; a call that is given some of them by name as well takes those.
 *
 * ```
 * val backend = gatherOptions(limit = 16, taskTimeout = 2.seconds, name = "pages", listener = metrics)
 * val pages = urls.gather(options = backend) { fetch(it) }
 * ```
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call, or from the start of the collection of a flow;
 *   not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param onFailure what the first failure means for the other tasks, of a call that fails with a task
 * @param stagger how long each task waits for the one before to fail, before it starts beside it; not negative, `null`
 *   to start all at once
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages, and with its number or key each of its coroutines, and the threads that
 *   run them meanwhile: `name[3]`
 * @param listener who hears what the tasks do
 * @return the options, which Java callers may use as well
 * @throws IllegalArgumentException if one is out of its range
 */
@JvmSynthetic
public fun gatherOptions(
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy = FailurePolicy.CANCEL_OTHERS,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
): GatherOptions = GatherOptions
    .builder()
    .limit(limit)
    .timeout(timeout?.toJavaDuration())
    .taskTimeout(taskTimeout?.toJavaDuration())
    .onFailure(onFailure)
    .stagger(stagger?.toJavaDuration())
    .limiter(limiter)
    .name(name)
    .listener(listener)
    .build()
