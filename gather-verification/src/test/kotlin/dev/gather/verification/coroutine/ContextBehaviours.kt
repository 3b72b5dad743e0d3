package dev.gather.verification.coroutine

import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

private class Mark(
    val of: String,
) : AbstractCoroutineContextElement(Mark) {
    companion object Key : CoroutineContext.Key<Mark>
}

private class Missing : AbstractCoroutineContextElement(Missing) {
    companion object Key : CoroutineContext.Key<Missing>
}

/** But for those by which the library knows itself. */
private fun CoroutineContext.keys() =
    fold(emptySet<CoroutineContext.Key<*>>()) { keys, element -> keys + element.key }
        .filterNot { it.javaClass.packageName.startsWith("dev.gather.coroutines") }
        .toSet()

private fun CoroutineContext.same(
    other: CoroutineContext,
    key: CoroutineContext.Key<*>,
) = this[key] === other[key]

/** What a body sees of its context beside the job. */
val CONTEXT =
    listOf(
        Behaviour("elements are the caller's", List(BODIES) { true }) {
            val handler = CoroutineExceptionHandler { _, _ -> }
            withContext(Mark("caller") + CoroutineName("caller") + handler) {
                val caller = currentCoroutineContext()
                each {
                    pause()
                    val own = currentCoroutineContext()
                    listOf(Mark, CoroutineName, CoroutineExceptionHandler, ContinuationInterceptor)
                        .all { own.same(caller, it) }
                }
            }
        },
        Behaviour("what the caller does not have is not there", List(BODIES) { "null null" }) {
            each {
                pause()
                "${currentCoroutineContext()[Missing]} ${currentCoroutineContext()[CoroutineName]}"
            }
        },
        Behaviour(
            "a context that is walked through has what it has when asked",
            List(BODIES) {
                "missing [], added [], other []"
            },
        ) {
            withContext(Mark("caller") + CoroutineName("caller")) {
                val keys = currentCoroutineContext().keys()
                each {
                    pause()
                    val own = currentCoroutineContext()
                    val walked = own.fold(EmptyCoroutineContext as CoroutineContext) { context, element ->
                        context +
                            element
                    }
                    "missing ${keys - own.keys()}, added ${own.keys() - keys}, other ${own.keys().filterNot {
                        walked
                            .same(
                                own,
                                it,
                            )
                    }}"
                }
            }
        },
        Behaviour("a context can be taken apart and put together", List(BODIES) { "null caller, body caller" }) {
            withContext(Mark("caller")) {
                each {
                    pause()
                    val own = currentCoroutineContext()
                    val without = own.minusKey(Job)
                    val with = own + Mark("body")
                    check(with[Job] === own[Job]) { "another job" }
                    "${without[Job]} ${without[Mark]?.of}, ${with[Mark]?.of} ${own[Mark]?.of}"
                }
            }
        },
    )
