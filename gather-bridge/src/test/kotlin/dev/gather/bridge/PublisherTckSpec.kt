package dev.gather.bridge

import io.kotest.assertions.fail
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.flow
import org.reactivestreams.tck.TestEnvironment
import org.reactivestreams.tck.flow.FlowPublisherVerification
import org.testng.SkipException
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.util.concurrent.Flow.Publisher

private const val MILLIS = 1_000L
private const val MILLIS_OF_SILENCE = 50L

/** Every test of the Reactive Streams TCK for publishers; it is written for TestNG, and called from here. */
class PublisherTckSpec :
    FunSpec({
        val tests =
            FlowPublisherVerification::class.java.methods
                .filter { it.isAnnotationPresent(org.testng.annotations.Test::class.java) }
                .filterNot { it.name.startsWith("untested_") } // the TCK cannot test these
                // For publishers that give the same to all; here each subscription is a run of its own.
                .filterNot { "_multicast_" in it.name }
                .sortedBy { it.name }
        test("there are as many as there were") { tests.size shouldBe 28 }

        for ((name, dispatcher) in mapOf("Default" to Dispatchers.Default, "Unconfined" to Dispatchers.Unconfined)) {
            for (method in tests) {
                test("$name: ${method.name}") {
                    JavaDoor("tck", dispatcher).use { run(Verification(it), method) }
                }
            }
        }
    })

private fun run(
    verification: Verification,
    test: Method,
) {
    verification.setUp()
    try {
        test.invoke(verification)
    } catch (e: InvocationTargetException) {
        val cause = e.targetException
        if (cause is SkipException) fail("skipped, and all of it was promised: ${cause.message}")
        throw cause
    }
}

private class Verification(
    private val door: JavaDoor,
) : FlowPublisherVerification<Long>(TestEnvironment(MILLIS, MILLIS_OF_SILENCE), MILLIS) {
    override fun createFlowPublisher(elements: Long): Publisher<Long> =
        door.publisher {
            flow {
                for (n in 0 until elements) emit(n)
            }
        }

    override fun createFailedFlowPublisher(): Publisher<Long> {
        val closed = JavaDoor("closed").apply { close() }
        return closed.publisher { flow { emit(1L) } }
    }
}
