package dev.gather.verification.race

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** Pairs of operations on the state cells (src/jcstress) × whatever compilers and processors reorder. */
class JcstressSpec :
    FunSpec({
        test("no forbidden outcome of any pair is ever seen") {
            val classes = Path.of("target/jcstress-classes").toAbsolutePath()
            val tests = Files.readAllLines(classes.resolve("META-INF/TestList")).size
            val work = Files.createDirectories(Path.of("target/jcstress"))
            val output = work.resolve("output.txt").toFile()
            val isLong = Integer.getInteger("gather.stress", 1) > 1
            val command =
                listOf(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    (listOf("$classes") + existingClassPath()).joinToString(File.pathSeparator),
                    "org.openjdk.jcstress.Main",
                )
            val process =
                ProcessBuilder(command + if (isLong) LONG else SHORT)
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start()
            try {
                val hasEnded = process.waitFor(if (isLong) 120 else 10, TimeUnit.MINUTES)
                withClue(output.readText()) {
                    hasEnded shouldBe true
                    process.exitValue() shouldBe 0
                    tests shouldBe 19
                    output.readText() shouldContain "All remaining tests: $tests matching test results"
                }
            } finally {
                process.descendants().forEach { it.destroyForcibly() }
                process.destroyForcibly()
            }
        }
    })

/**
 * As short as it gets, but for the strides: as sanity mode has them, few pairs would ever meet. One kind of JVM,
 * which begins in the interpreter and ends with what an optimizer has shuffled, instead of several that do one of those.
 */
private val SHORT = options(millis = 400) + listOf("-jvmArgs", SHUFFLED)
private val LONG = options(millis = 1_000)

private const val SHUFFLED =
    "-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions " +
        "-XX:+StressLCM -XX:+StressGCM -XX:+StressIGVN -XX:+StressCCP"

private fun options(millis: Int) = "-m sanity -sc false -time $millis -strideSize 256 -strideCount 40".split(' ')

/** It gives up looking for its own classes at the first entry that does not exist. */
private fun existingClassPath() =
    System.getProperty("java.class.path").split(File.pathSeparatorChar).filter { File(it).exists() }
