package dev.gather.verification.python

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.extension
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readLines
import kotlin.io.path.readText
import kotlin.streams.asSequence

/** `docs/python.md` answers every rule, and what it says is tested. */
class PythonDocSpec :
    FunSpec({
        val rows = root.resolve("docs/python.md").readLines().mapNotNull(Row::of)

        test("every rule has exactly one row, in order") {
            rows.map(Row::rule) shouldBe (1..77).map { "A$it" } + (1..18).map { "B$it" }
        }

        test("a row has five cells, none of them empty, and one of four answers") {
            rows.forEach { row ->
                row.cells shouldHaveSize 5
                row.cells.filter(String::isBlank).shouldBeEmpty()
            }
            rows.map(Row::answer).toSet() shouldBe setOf("same", "stronger", "different", "n/a")
        }

        test("every named test exists") {
            val missing = rows.flatMap(Row::tests).filterNot { (spec, name) -> "\"$name\"" in sources[spec].orEmpty() }
            missing.shouldBeEmpty()
        }

        test("only a rule without a meaning on the JVM may go without a test") {
            rows
                .filter { it.tests.isEmpty() }
                .map { "${it.rule} ${it.answer} ${it.cells.last()}" } shouldBe listOf("A77 n/a none")
        }

        test("every test of a rule is named in its row, and is of that rule") {
            val named = rows.flatMap { row -> row.tests.map { (spec, name) -> Triple(row.rule, spec, name) } }
            named.filterNot { (rule, _, name) -> name.startsWith("$rule ") }.shouldBeEmpty()
            val written =
                Files.list(here).use { files ->
                    files
                        .asSequence()
                        .filter { it.name.endsWith("Spec.kt") }
                        .flatMap { file ->
                            Regex("\"([AB]\\d+) [^\"]+\",?\\s*\\) \\{").findAll(file.readText()).map {
                                val quoted = it.value.substringAfter('"').substringBefore('"')
                                Triple(it.groupValues[1], file.nameWithoutExtension, quoted)
                            }
                        }.toSet()
                }
            (written - named.toSet()).shouldBeEmpty()
        }
    })

private class Row(
    val cells: List<String>,
) {
    val rule = cells[0]
    val answer get() = cells[2]

    /** Each as a spec and the name of a test in it. */
    val tests get() = NAMED.findAll(cells.last()).map { it.groupValues[1] to it.groupValues[2] }.toList()

    companion object {
        private val NAMED = Regex("`(\\w+): ([^`]+)`")

        fun of(line: String): Row? =
            if (Regex("\\| [AB]\\d+ \\|.*").matches(line)) {
                Row(
                    line
                        .removePrefix("|")
                        .removeSuffix("|")
                        .split("|")
                        .map(String::trim),
                )
            } else {
                null
            }
    }
}

internal val root: Path =
    generateSequence(Path.of("").toAbsolutePath(), Path::getParent).first { it.resolve("gather-api/pom.xml").exists() }

private val here: Path = root.resolve("gather-verification/src/test/kotlin/dev/gather/verification/python")

/** The text of every file under a `src/test`, by the name of its class. */
private val sources: Map<String, String> =
    Files.list(root).use { modules ->
        modules
            .asSequence()
            .map { it.resolve("src/test") }
            .filter { it.exists() }
            .flatMap { tests -> Files.walk(tests).use { files -> files.asSequence().toList() } }
            .filter { it.extension == "kt" || it.extension == "java" }
            .groupBy({ it.nameWithoutExtension }, { it.readText() })
            .mapValues { it.value.joinToString("\n") }
    }
