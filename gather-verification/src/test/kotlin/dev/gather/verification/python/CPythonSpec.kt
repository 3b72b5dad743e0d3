package dev.gather.verification.python

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.IOException
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createTempFile
import kotlin.io.path.deleteExisting
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** What `docs/python.md` says about CPython is asked of a real one; a machine need not have it. */
class CPythonSpec :
    FunSpec({
        test("the rows about CPython are as the page says") {
            val seen = check(page) ?: return@test
            withClue(seen.text) {
                seen.exit shouldBe 0
                if (!seen.isTooOld) seen.checked shouldBeGreaterThan 60
            }
        }

        test("a row that says something else is noticed") {
            val other = createTempFile("page", ".md")
            try {
                other.writeText(
                    page.readText().replace("| A8 | as long as the slowest", "| A8 | as long as the quickest"),
                )
                val seen = check(other) ?: return@test
                withClue(seen.text) {
                    if (seen.isTooOld) return@test
                    seen.exit shouldBe 1
                    seen.text shouldContain "1 are not"
                    Regex("A8 +WRONG").containsMatchIn(seen.text) shouldBe true
                }
            } finally {
                other.deleteExisting()
            }
        }
    })

private val page = root.resolve("docs/python.md")

private class Seen(
    val exit: Int,
    val text: String,
) {
    val isTooOld get() = "is too old" in text
    val checked get() = Regex("(\\d+) rows are as the page says").find(text)!!.groupValues[1].toInt()
}

/** Null, and says so, where there is no Python. */
private fun check(page: Path): Seen? {
    val output = createTempFile("rows", ".txt")
    try {
        val python =
            try {
                ProcessBuilder("python3", "$root/gather-verification/python/check_rows.py", "$page")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
            } catch (e: IOException) {
                println("no row about CPython is checked: ${e.message}")
                return null
            }
        val ended = python.waitFor(2, TimeUnit.MINUTES)
        if (!ended) python.destroyForcibly()
        return Seen(if (ended) python.exitValue() else -1, output.readText())
    } finally {
        output.deleteExisting()
    }
}
