package dev.gather.bridge.internal

/** What the stack of the calling thread tells about who has given it something to run. */
internal object OnStack {
    private const val JDK = "java.util.concurrent"
    private val VIEWS = setOf("kotlinx.coroutines.internal.LimitedDispatcher\$Worker")
    private val POOLS =
        VIEWS +
            setOf(
                "kotlinx.coroutines.DispatchedTask",
                "kotlinx.coroutines.scheduling.CoroutineScheduler\$Worker",
                "$JDK.ThreadPoolExecutor\$Worker",
                "$JDK.ForkJoinWorkerThread",
            )
    private val NOBODYS = listOf("java.", "kotlin.", "kotlinx.")

    /** Whether it runs a coroutine, or a task of a pool of the JDK. */
    fun hasPool(): Boolean = has { it in POOLS }

    /** Whether it runs something for a view of another dispatcher. */
    fun hasView(): Boolean = has { it in VIEWS }

    /** Whether it runs code of [owner]: whoever runs one thing after the other does so in a class of their own, or in one inside. */
    fun hasCodeOf(owner: Any): Boolean {
        val own =
            generateSequence<Class<*>>(owner.javaClass) { it.superclass }
                .map { it.name }
                .filterNot { name -> NOBODYS.any(name::startsWith) }
                .toSet()
        return has { frame -> own.any { frame == it || frame.startsWith("$it$") } }
    }

    private fun has(test: (String) -> Boolean) =
        StackWalker.getInstance().walk { stack -> stack.anyMatch { test(it.className) } }
}
