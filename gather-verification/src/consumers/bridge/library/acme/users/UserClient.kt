package acme.users

import dev.gather.bridge.JavaDoor
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Flow
import java.util.stream.Stream

class User(
    val name: String,
)

/** A library in Kotlin, for callers in Java. */
class UserClient : AutoCloseable {
    private val java = JavaDoor("users")

    @Volatile
    var cleanedUp = false
        private set

    fun find(id: String): GatherFuture<User> = java.future { load(id) }

    fun findTask(id: String): Task<User> = java.task("user $id") { load(id) }

    fun findNow(id: String): User = java.blocking { load(id) }

    fun changes(): Flow.Publisher<User> = java.publisher { versions() }

    fun changeStream(): Stream<User> = java.stream { versions() }

    /** Whoever cancels it before it has started has nothing to clean up. */
    val neverStarted = CountDownLatch(1)

    fun never(): GatherFuture<User> =
        java.future {
            try {
                neverStarted.countDown()
                awaitCancellation()
            } finally {
                withContext(NonCancellable) {
                    delay(5)
                    cleanedUp = true
                }
            }
        }

    private suspend fun load(id: String): User {
        delay(1)
        if (id == "0") throw IOException("no route")
        return User("user $id")
    }

    private fun versions() =
        flow {
            for (version in 1..3) {
                delay(1)
                emit(User("version $version"))
            }
        }

    override fun close() = java.close()
}
