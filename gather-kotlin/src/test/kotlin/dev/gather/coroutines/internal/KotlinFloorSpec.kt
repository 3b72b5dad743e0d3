package dev.gather.coroutines.internal

import dev.gather.coroutines.internal.door.KotlinFloor
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.File

/** What the suspend door asks for: what its pom says, and the message for less. */
class KotlinFloorSpec :
    FunSpec({
        for ((kotlin, coroutines) in listOf(
            "2.2.21" to "1.10.2",
            "2.2.30" to "1.10.10",
            "2.10.0" to "2.0",
            "3.0.0" to "1.11.0-rc02",
            "2.2.21" to null,
        )) {
            test("Kotlin $kotlin and coroutines $coroutines are enough") {
                KotlinFloor.problem(kotlin, coroutines) shouldBe null
            }
        }

        for ((kotlin, coroutines) in listOf(
            "2.2.20" to "1.10.2",
            "1.9.25" to null,
            "2.2.21" to "1.10.1",
            "2.4.21" to "1.9",
        )) {
            test("Kotlin $kotlin and coroutines $coroutines are not, and the message names them") {
                KotlinFloor.problem(kotlin, coroutines) shouldBe
                    "the suspend functions of Gather need Kotlin 2.2.21 and kotlinx-coroutines 1.10.2 or newer, " +
                    "but this program runs on $kotlin and ${coroutines ?: "an unknown one"}"
            }
        }

        test("these are the versions that the pom has") {
            val pom = File("../pom.xml").readText()
            pom shouldContain "<kotlin.floor.version>${KotlinFloor.KOTLIN}</kotlin.floor.version>"
            pom shouldContain "<coroutines.floor.version>${KotlinFloor.COROUTINES}</coroutines.floor.version>"
        }
    })
