package dev.gather.samples.bridge

import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** The library as its author writes it for Kotlin: suspend functions and a flow. */
internal class Users {
    suspend fun find(id: String): User {
        delay(TRIP)
        if (id == "0") throw NoSuchUserException(id)
        return User(id, "user $id")
    }

    fun changes(): Flow<User> =
        flow {
            for (version in 1..3) {
                delay(TRIP)
                emit(User("7", "version $version"))
            }
        }

    private companion object {
        const val TRIP = 20L
    }
}

data class User(
    val id: String,
    val name: String,
)

class NoSuchUserException(
    id: String,
) : Exception("no user $id")
