package dev.gather.verification.guarantee

import io.kotest.core.spec.style.FunSpec
import kotlin.time.Duration.Companion.seconds

/** A spec whose tests are run through both doors, one after the other. */
abstract class BothDoors(
    body: BothDoors.() -> Unit,
) : FunSpec() {
    init {
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds
        body()
    }

    fun both(
        name: String,
        body: suspend (Door) -> Unit,
    ) {
        Door.both.forEach { door -> test("$name ($door)") { body(door) } }
    }

    /** Through both doors, and with stages in place of Java's blocking bodies. */
    fun every(
        name: String,
        body: suspend (Door) -> Unit,
    ) {
        Door.every.forEach { door -> test("$name ($door)") { body(door) } }
    }
}
