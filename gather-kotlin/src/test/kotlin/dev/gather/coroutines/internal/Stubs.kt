package dev.gather.coroutines.internal

import java.lang.reflect.Proxy

/** One that does nothing, but what it is called with is told by the name of the method. */
internal inline fun <reified T> stub(crossinline called: (String) -> Any? = { null }): T =
    Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java)) { _, method, _ ->
        val answer = called(method.name)
        when (method.returnType) {
            Boolean::class.java -> false
            Int::class.java -> 0
            Long::class.java -> 0L
            else -> answer
        }
    } as T
