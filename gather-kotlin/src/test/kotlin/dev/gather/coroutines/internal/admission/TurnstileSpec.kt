package dev.gather.coroutines.internal.admission

import dev.gather.FailurePolicy
import dev.gather.coroutines.internal.cells.Slots
import dev.gather.coroutines.internal.run.Bodies
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Ledger
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Threads
import dev.gather.coroutines.internal.run.Worker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.lang.reflect.Proxy

class TurnstileSpec :
    FunSpec({
        test("an input that ends just while a worker finds that it has nothing yet: the run ends") {
            var hasConcluded = false
            val worker = stub<Worker>()
            val bodies = stub<Bodies> { if (it == "newWorker") worker else null }
            val delivery = stub<Delivery> { if (it == "conclude") hasConcluded = true }
            val input = Input()
            val ledger = Ledger(true, FailurePolicy.AWAIT_OTHERS, null, Slots(0))
            val run = Run(1, input, Turnstile(emptyList()), stub<Threads>(), bodies, ledger, delivery)
            input.whileTaking = { run.inputHasEnded() }
            run.tokens.takeIdle(1) // of whoever brings the input
            run.start(asWorker = true)
            run.returnIdleToken()
            hasConcluded shouldBe true
        }
    })

/** Ends while a worker looks into it. */
private class Input : Source() {
    private var isFinished = false
    var whileTaking: () -> Unit = {}

    override val total: Int get() = 0
    override val count: Long get() = 0

    override fun mayHaveMore(): Boolean = !isFinished

    override fun isReady(): Boolean = false

    override fun take(
        worker: Worker,
        run: Run,
    ): Any {
        isFinished = true
        whileTaking()
        return SHUT
    }
}

/** One that does nothing, but what it is called with is told by the name of the method. */
private inline fun <reified T> stub(crossinline called: (String) -> Any? = { null }): T =
    Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java)) { _, method, _ ->
        val answer = called(method.name)
        when (method.returnType) {
            Boolean::class.java -> false
            Int::class.java -> 0
            Long::class.java -> 0L
            else -> answer
        }
    } as T
