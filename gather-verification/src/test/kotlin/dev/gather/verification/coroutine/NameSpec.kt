package dev.gather.verification.coroutine

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherAtLeast
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withContext
import kotlin.time.Duration.Companion.hours

private suspend fun myName() = currentCoroutineContext()[CoroutineName]?.name

/** The coroutine of a body is named after the gather and the item; that of a gather without a name, after its caller. */
class NameSpec :
    FunSpec({
        val items = listOf(7, 8)
        val calls: Map<String, suspend (String?, suspend () -> Any?) -> Collection<Any?>> =
            mapOf(
                "gather" to { name, body -> gather(body, body, options = gatherOptions(name = name)) },
                "gatherSettled" to
                    {
                        name,
                        body,
                        ->
                        gatherSettled(body, body, options = gatherOptions(name = name)).map { it.getOrThrow() }
                    },
                "items.gather" to { name, body -> items.gather(options = gatherOptions(name = name)) { body() } },
                "items.gather, limit" to
                    { name, body -> items.gather(limit = 1, options = gatherOptions(name = name)) { body() } },
                "items.gather, taskTimeout" to
                    {
                        name,
                        body,
                        ->
                        items.gather(taskTimeout = 1.hours, options = gatherOptions(name = name)) { body() }
                    },
                "items.gatherSettled" to { name, body ->
                    items.gatherSettled(options = gatherOptions(name = name)) { body() }.map { it.getOrThrow() }
                },
                "gatherAtLeast" to { name, body ->
                    gatherAtLeast(
                        2,
                        body,
                        body,
                        options = gatherOptions(name = name),
                    ).sortedBy { it.index }.map { it.getOrThrow() }
                },
                "items.gatherAsCompleted" to { name, body ->
                    items
                        .gatherAsCompleted(options = gatherOptions(name = name)) { body() }
                        .toList()
                        .sortedBy { it.index }
                        .map { it.getOrThrow() }
                },
                "flow.gather" to { name, body ->
                    items
                        .asFlow()
                        .gather(limit = 2, options = gatherOptions(name = name)) { body() as String? }
                        .toList()
                        .sortedBy { it }
                },
            )

        suspend fun namesIn(
            call: suspend (String?, suspend () -> Any?) -> Collection<Any?>,
            name: String?,
            pause: suspend () -> Unit,
        ) = withContext(CoroutineName("caller")) {
            val names = call(name) { myName().also { pause() } }
            val afterwards = call(name) {
                pause()
                myName()
            }
            myName() shouldBe "caller"
            names + afterwards
        }

        for ((way, call) in calls) {
            test("a body is called as its gather, with its number: $way") {
                for ((how, pause) in PAUSES) {
                    withClue(how) {
                        namesIn(call, "pages", pause) shouldBe listOf("pages[0]", "pages[1]", "pages[0]", "pages[1]")
                    }
                }
            }

            test("a gather without a name leaves its bodies that of the caller: $way") {
                for ((how, pause) in PAUSES) withClue(how) { namesIn(call, null, pause) shouldBe List(4) { "caller" } }
            }
        }

        test("a body is called as its gather, with its key") {
            for ((how, pause) in PAUSES) {
                val bodies = listOf("a", "b").associateWith { suspend { myName().also { pause() } } }
                withClue(how) {
                    bodies.gather(options = gatherOptions(name = "pages")) shouldBe
                        mapOf("a" to "pages[a]", "b" to "pages[b]")
                    bodies
                        .gatherSettled(
                            options = gatherOptions(name = "pages"),
                        ).mapValues { it.value.getOrThrow() } shouldBe
                        mapOf("a" to "pages[a]", "b" to "pages[b]")
                }
            }
        }

        test("a body is called as its gather, with its number: gatherAny") {
            gatherAny({ myName() }, options = gatherOptions(name = "pages")) shouldBe "pages[0]"
        }
    })
