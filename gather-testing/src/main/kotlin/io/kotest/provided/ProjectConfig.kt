package io.kotest.provided

import dev.gather.testing.LeakGuardListener
import io.kotest.core.config.AbstractProjectConfig
import io.kotest.core.extensions.Extension

/** Found by Kotest by its name. */
class ProjectConfig : AbstractProjectConfig() {
    override val extensions: List<Extension> = listOf(LeakGuardListener)
}
