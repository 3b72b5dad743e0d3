package dev.gather.bridge

import dev.gather.coroutines.gather
import dev.gather.future.Gather
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

/** Hours pass in no time. */
class VirtualTimeSpec :
    FunSpec({
        test("a door on a test dispatcher is in the time of the test") {
            runTest {
                val door = JavaDoor("users", StandardTestDispatcher(testScheduler))
                val one =
                    door.future {
                        delay(1.hours)
                        1
                    }
                val all =
                    door.future {
                        gather({ delay(2.hours) }, { delay(3.hours) })
                        2
                    }
                one.await() shouldBe 1
                currentTime shouldBe 1.hours.inWholeMilliseconds
                all.await() shouldBe 2
                currentTime shouldBe 3.hours.inWholeMilliseconds
                door.close()
            }
        }

        test("a door is closed while a call is running in it") {
            runTest {
                val door = JavaDoor("users", StandardTestDispatcher(testScheduler))
                val future = door.future { delay(1.hours) }
                testScheduler.runCurrent()
                door.close()
                future.isCancelled shouldBe true
                future.terminated().awaitShared()
            }
        }

        test("a stream that nobody has read is closed in place") {
            runTest {
                val door = JavaDoor("users", StandardTestDispatcher(testScheduler))
                door
                    .stream {
                        flow {
                            delay(1.hours)
                            emit(1)
                        }
                    }.close()
            }
        }

        test("a task of a door is in the time of the test, in whichever gather") {
            runTest {
                val door = JavaDoor("users", StandardTestDispatcher(testScheduler))
                val task =
                    door.task {
                        delay(1.hours)
                        1
                    }
                Gather.of(task, task).awaitAll() shouldBe listOf(1, 1)
                currentTime shouldBe 1.hours.inWholeMilliseconds
                door.close()
            }
        }

        test("a publisher is in the time of the test") {
            runTest {
                val door = JavaDoor("users", StandardTestDispatcher(testScheduler))
                val heard = ArrayList<Int>()
                door
                    .publisher<Int> {
                        flow {
                            delay(1.hours)
                            emit(1)
                            delay(1.hours)
                            emit(2)
                        }
                    }.subscribe(
                        object : Subscribing() {
                            override fun onNext(item: Int) {
                                heard += item
                            }
                        },
                    )
                delay(90.minutes)
                heard shouldBe listOf(1)
                delay(31.minutes)
                heard shouldBe listOf(1, 2)
                door.close()
            }
        }

        test("what blocks the thread of the test waits in real time, or it would wait for itself") {
            runTest {
                val door = JavaDoor("users", StandardTestDispatcher(testScheduler))
                val value =
                    door.blocking {
                        delay(1)
                        1
                    }
                val values =
                    door
                        .stream {
                            flow {
                                delay(1)
                                emit(2)
                            }
                        }.use { it.toList() }
                values + value shouldBe listOf(2, 1)
                currentTime shouldBe 0
                door.close()
            }
        }
    })
