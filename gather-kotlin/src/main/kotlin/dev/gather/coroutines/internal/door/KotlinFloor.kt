package dev.gather.coroutines.internal.door

import kotlinx.coroutines.Job
import java.net.URI

/**
 * The least that the suspend door runs on, which a build may have put below what our pom asks for. With less it would
 * miss something in the middle of a call, and leave somebody waiting. The Java door needs less, and does not ask here.
 */
internal object KotlinFloor {
    const val KOTLIN: String = "2.2.21"
    const val COROUTINES: String = "1.10.2"

    private const val VERSION_OF_COROUTINES = "META-INF/kotlinx_coroutines_core.version"

    private val problem: String? = problem(KotlinVersion.CURRENT.toString(), coroutines())

    fun check() {
        check(problem == null) { problem!! }
    }

    /** Null if that is enough; who has packed the jars anew may have lost the version of coroutines. */
    fun problem(
        kotlin: String,
        coroutines: String?,
    ): String? {
        if (isAtLeast(kotlin, KOTLIN) && (coroutines == null || isAtLeast(coroutines, COROUTINES))) return null
        return "the suspend functions of Gather need Kotlin $KOTLIN and kotlinx-coroutines $COROUTINES or newer, " +
            "but this program runs on $kotlin and ${coroutines ?: "an unknown one"}"
    }

    /** As its own jar has it: there may be others on the class path, and packed together. */
    private fun coroutines(): String? =
        try {
            val name = Job::class.java.name.replace('.', '/') + ".class"
            val place = Job::class.java.getResource("/$name")!!.toString()
            val version = URI(place.removeSuffix(name) + VERSION_OF_COROUTINES).toURL().openConnection()
            version.useCaches = false // else the jar stays open
            version.getInputStream().use { it.readBytes().decodeToString().trim() }
        } catch (_: Exception) {
            null
        }

    /** A candidate of a release is as good as that. */
    private fun isAtLeast(
        version: String,
        floor: String,
    ): Boolean {
        val has = numbers(version)
        val needs = numbers(floor)
        for (at in needs.indices) {
            val difference = has.getOrElse(at) { 0 } - needs[at]
            if (difference != 0) return difference > 0
        }
        return true
    }

    private fun numbers(version: String): List<Int> =
        version.substringBefore('-').split('.').map { it.toIntOrNull() ?: 0 }
}
