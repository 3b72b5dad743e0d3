package dev.gather.samples.readme

// region first
import dev.gather.coroutines.gather
import kotlinx.coroutines.delay
import kotlin.time.Duration.Companion.seconds

suspend fun main() {
    val words = listOf("one", "three")
    val lengths =
        words.gather(limit = 16, timeout = 5.seconds) {
            delay(100)
            it.length
        }
    println(lengths) // [3, 5]
}
// endregion
