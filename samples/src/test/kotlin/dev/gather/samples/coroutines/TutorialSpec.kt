package dev.gather.samples.coroutines

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.testTimeSource

/** Every program of the five tutorials prints what its Python original prints, when it does. */
@OptIn(ExperimentalCoroutinesApi::class)
class TutorialSpec :
    FunSpec({
        test("000 FetchData") {
            printedBy { out -> FetchData(out, testTimeSource).run() } shouldBe
                """
                0.0 Fetching data from API 1...
                0.0 Fetching data from API 2...
                0.0 Fetching data from API 3...
                1.0 Done fetching from API 2
                2.0 Done fetching from API 3
                3.0 Done fetching from API 1
                3.0 All requests completed in 3.00 seconds
                3.0 Results: [Data from API 1, Data from API 2, Data from API 3]
                """.trimIndent()
        }

        test("000 ErrorHandling") {
            printedBy { out -> ErrorHandling(out).run() } shouldBe
                """
                2.0 Something failed: no answer
                5.0 Task 0 succeeded with: first
                5.0 Task 1 failed with: no answer
                5.0 Task 2 succeeded with: third
                """.trimIndent()
        }

        test("001 Countdown") {
            printedBy { out -> Countdown(out).run() } shouldBe
                """
                0.0 countdown(3): 3
                0.0 countdown(2): 2
                1.0 countdown(3): 2
                1.0 countdown(2): 1
                2.0 countdown(3): 1
                """.trimIndent()
        }

        test("001 FetchInOrder") {
            printedBy { out -> FetchInOrder(out).run() } shouldBe "3.0 [Data 1, Data 2, Data 3]"
        }

        test("002 ManualTasks") {
            printedBy { out -> ManualTasks(out).run() } shouldBe
                """
                0.0 Fetching from endpoint1...
                0.0 Fetching from endpoint2...
                0.0 Fetching from endpoint3...
                1.0 Finished fetching from endpoint1
                1.0 Finished fetching from endpoint2
                1.0 Finished fetching from endpoint3
                """.trimIndent()
        }

        test("002 FetchFromApi") {
            printedBy { out -> FetchFromApi(out, testTimeSource).run() } shouldBe
                """
                0.0 Fetching from users...
                0.0 Fetching from products...
                0.0 Fetching from orders...
                1.0 Finished fetching from users
                1.5 Finished fetching from orders
                2.0 Finished fetching from products
                2.0
                2.0 All tasks finished in 2.00 seconds.
                2.0 --- Results ---
                2.0 [{endpoint=users, status=success}, {endpoint=products, status=success}, {endpoint=orders, status=success}]
                """.trimIndent()
        }

        test("002 FetchOrFail") {
            printedBy { out -> FetchOrFail(out).run() } shouldBe
                """
                0.0 Running tasks with potential errors...
                0.0 Fetching from users...
                0.0 Fetching from products...
                0.0 Fetching from orders...
                2.0
                2.0 --- All tasks complete ---
                2.0 A task succeeded: {endpoint=users, status=success}
                2.0 A task failed: Failed to fetch from products
                2.0 A task succeeded: {endpoint=orders, status=success}
                """.trimIndent()
        }

        test("003 FetchLetters") {
            printedBy { out -> FetchLetters(out).run() } shouldBe "0.2 [a, b, c]"
        }

        test("003 FetchOkAndBad") {
            printedBy { out -> FetchOkAndBad(out).run() } shouldBe
                "0.1 [ok-value, java.io.IOException: no route to bad]"
        }

        test("004 CallApi") {
            printedBy { out -> CallApi(out).run() } shouldBe
                """
                0.0 Calling API 1 ...
                0.0 Calling API 2 ...
                2.0 100 200
                """.trimIndent()
        }

        test("004 CallApiFailed") {
            printedBy { out -> CallApiFailed(out).run() } shouldBe
                """
                0.0 Calling API 1 ...
                0.0 Calling API 2 ...
                3.0 APIError: API failed
                """.trimIndent()
        }

        test("004 CallApiReturnExceptions") {
            printedBy { out -> CallApiReturnExceptions(out).run() } shouldBe
                """
                0.0 Calling API 1 ...
                0.0 Calling API 2 ...
                2.0 100 200 API failed
                """.trimIndent()
        }
    })
