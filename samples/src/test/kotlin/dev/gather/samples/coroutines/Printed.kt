package dev.gather.samples.coroutines

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import java.io.ByteArrayOutputStream
import java.io.OutputStream
import java.io.PrintStream
import kotlin.time.DurationUnit.SECONDS

/**
 * Everything that a program prints, each line behind the second in which it came. The program runs in
 * virtual time, so that its seconds are exact and take no time.
 */
@OptIn(ExperimentalCoroutinesApi::class)
internal fun printedBy(program: suspend TestScope.(PrintStream) -> Unit): String {
    val printed = StringBuilder()
    runTest {
        val start = testTimeSource.markNow()
        val line = ByteArrayOutputStream()
        val out =
            PrintStream(
                object : OutputStream() {
                    override fun write(byte: Int) {
                        line.write(byte)
                        if (byte == '\n'.code) {
                            val second = start.elapsedNow().toDouble(SECONDS)
                            printed.appendLine("$second ${line.toString(Charsets.UTF_8)}".trimEnd())
                            line.reset()
                        }
                    }
                },
                true,
                Charsets.UTF_8,
            )
        program(out)
        printed.append(line.toString(Charsets.UTF_8)) // nothing, if every line was ended
    }
    return printed.trimEnd().toString()
}
