package dev.gather.samples.bridge

import dev.gather.bridge.JavaDoor
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import java.util.concurrent.Flow
import java.util.stream.Stream

// The same library for Java: nothing of Kotlin shows in it.

// region client
class UserClient : AutoCloseable {
    private val users = Users()
    private val java = JavaDoor("users")

    fun find(id: String): GatherFuture<User> = java.future { users.find(id) }

    fun findTask(id: String): Task<User> = java.task("user $id") { users.find(id) }

    fun findNow(id: String): User = java.blocking { users.find(id) }

    fun changes(): Flow.Publisher<User> = java.publisher { users.changes() }

    fun changeStream(): Stream<User> = java.stream { users.changes() }

    override fun close() = java.close()
}
// endregion
