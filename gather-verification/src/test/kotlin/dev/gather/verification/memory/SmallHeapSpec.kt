package dev.gather.verification.memory

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.io.File
import java.math.BigInteger
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** Results that come one by one need no memory for those that have been taken: in a heap of 64 MB, each in a JVM. */
class SmallHeapSpec :
    FunSpec({
        for (door in listOf("stream", "ordered", "publisher", "flow", "flow in order")) {
            test("10,000,000 items through a limit of 100 in a heap of 64 MB ($door)") {
                val n = 10_000_000
                val last = BigInteger.valueOf(n - 1L)
                val squares = last * (last + BigInteger.ONE) * (last * BigInteger.TWO + BigInteger.ONE)
                sumInSmallHeap(door, n) shouldBe (squares / BigInteger.valueOf(6)).toLong().toString()
            }
        }
    })

private fun sumInSmallHeap(
    door: String,
    n: Int,
): String {
    val out = File.createTempFile("sum", ".txt")
    val process =
        ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.gather.verification.memory.SmallHeapKt",
            door,
            "$n",
        ).redirectErrorStream(true).redirectOutput(out).start()
    val ended = process.waitFor(3, TimeUnit.MINUTES)
    process.destroyForcibly().waitFor()
    val text = out.readText().trim()
    out.delete()
    check(ended) { "still running: $text" }
    return text
}
