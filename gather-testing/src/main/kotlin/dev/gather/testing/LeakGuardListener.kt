package dev.gather.testing

import io.kotest.core.listeners.AfterTestListener
import io.kotest.core.listeners.BeforeTestListener
import io.kotest.core.test.TestCase
import io.kotest.core.test.TestType
import io.kotest.engine.test.TestResult
import java.util.concurrent.ConcurrentHashMap

/** Watches every test of Kotest. */
object LeakGuardListener : BeforeTestListener, AfterTestListener {
    private val guards = ConcurrentHashMap<TestCase, LeakGuard>()

    override suspend fun beforeTest(testCase: TestCase) {
        if (testCase.type == TestType.Test) guards[testCase] = LeakGuard.begin()
    }

    override suspend fun afterTest(
        testCase: TestCase,
        result: TestResult,
    ) {
        guards.remove(testCase)?.end()
    }
}
