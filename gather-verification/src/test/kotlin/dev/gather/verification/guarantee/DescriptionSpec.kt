package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import io.kotest.matchers.types.shouldNotBeSameInstanceAs
import java.io.IOException
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue

class DescriptionSpec :
    BothDoors({
        every("a call starts everything, although nobody waits for it") { door ->
            val pieces = List(3) { Piece<Int>() }
            val running = door.all(pieces)
            pieces.forEach { it.started.soon() }
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            pieces.forEach { it.ended.soon() }
            running.end() shouldBe End.Value(listOf(0, 1, 2))
        }

        test("describing a gather starts nothing and reads nothing (Java)") {
            val piece = value(1)
            val reads = Gauge()
            val items =
                Iterable {
                    reads.enter()
                    listOf(1).iterator()
                }
            Gather.of(Callable { piece.block() })
            Gather.of(Task.of { piece.block() }, Task.async { piece.stage() })
            Gather.of(listOf(Task.async { piece.stage() }))
            Gather.each(items) { _: Int -> piece.block() }
            val described = Gather.eachAsync(items) { _: Int -> piece.stage() }
            GatherScope().use { scope ->
                described
                    .limit(1)
                    .timeout(Duration.ZERO)
                    .taskTimeout(Duration.ZERO)
                    .grace(Duration.ZERO)
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .executor { error("called") }
                    .name("never")
                    .listener(Heard())
                    .with(GatherOptions.defaults())
                    .scope(scope)
                    .toString()
            }
            JavaDoor.letThingsHappen()
            piece.timesRun shouldBe 0
            reads.max shouldBe 0
        }

        test("what a description inherits is its own: to call, and to pass on by its name (Java)") {
            val limits: List<(Int) -> Any> =
                listOf(
                    Gather.of(Callable { 1 })::limit,
                    Gather.keyed(mapOf("key" to Task.of { 1 }))::limit,
                )
            limits.map { limit -> limit(2).toString() } shouldBe
                listOf(
                    "Gather[1 task, GatherOptions[limit=2]]",
                    "KeyedGather[1 task, GatherOptions[limit=2]]",
                )
            Gather.zip(Callable { 1 }, Callable { "b" }) { number, text -> "$number$text" }.soon() shouldBe "1b"
        }

        for (terminal in listOf("all", "settled", "combine")) {
            test("$terminal() starts everything, joined or not (Java)") {
                val pieces = List(3) { Piece<Int>() }
                val gather = Gather.of(pieces.map { piece -> Task.of { piece.block() } })
                val future: GatherFuture<*> =
                    when (terminal) {
                        "all" -> gather.all()
                        "settled" -> gather.settled()
                        else -> gather.combine { "combined" }
                    }
                pieces.forEach { it.started.soon() }
                future.isDone shouldBe false
                pieces.forEach { it.returns(1) }
                future.soon()
            }
        }

        test("each terminal call is a new run (Java)") {
            val piece = value(1)
            val gather = Gather.of(Task.of { piece.block() }, Task.async { piece.stage() })
            val first = gather.all()
            val second = gather.all()
            second shouldNotBeSameInstanceAs first
            first.soon() shouldBe listOf(1, 1)
            second.soon() shouldBe listOf(1, 1)
            gather.settled().soon() shouldBe List(2) { Outcome.Success(1) }
            piece.timesRun shouldBe 6
        }

        test("runs of one description do not know of each other (Java)") {
            val runs = ConcurrentLinkedQueue<Piece<Int>>()
            val gather = Gather.of(Callable { Piece<Int>().also(runs::add).block() })
            val first = gather.all()
            val second = gather.all()
            while (runs.size < 2) Thread.onSpinWait()
            runs.forEach { it.started.soon() }
            first.cancel(true)
            runs.forEach { it.returns(2) }
            second.soon() shouldBe listOf(2)
            first.isCancelled shouldBe true
        }

        test("a run after one that failed or was cancelled is as good as new (Java)") {
            var isBroken = true
            val gather = Gather.of(Task.of { if (isBroken) throw IOException() else 1 })
            (JavaRunning(gather.all()).end() is End.Failed) shouldBe true
            isBroken = false
            gather.all().soon() shouldBe listOf(1)
        }

        test("a stage that is running already is just awaited again by each run (Java)") {
            val stage = CompletableFuture<Int>()
            val tasks = Gather.of(Task.started(stage))
            val stages = Gather.started(listOf(stage))
            val runs = listOf(tasks.all(), tasks.all(), stages.all(), stages.all())
            stage.complete(1)
            runs.forEach { it.soon() shouldBe listOf(1) }
            tasks.all().isDone shouldBe true
            stages.all().join() shouldBe listOf(1)
        }

        test("items are read anew by each run (Java)") {
            val items = arrayListOf(1, 2)
            val gather = Gather.each(items) { it: Int -> it * 10 }
            gather.all().soon() shouldBe listOf(10, 20)
            items.add(3)
            gather.all().soon() shouldBe listOf(10, 20, 30)
            items.clear()
            val empty = gather.all()
            empty.isDone shouldBe true
            empty.join() shouldBe emptyList()
        }

        test("items that come after the description are read by the run (Java)") {
            val items = ArrayList<Int>()
            val gather = Gather.each(items) { it: Int -> it * 10 }
            items.add(1)
            gather.all().soon() shouldBe listOf(10)
        }

        test("tasks and stages are those that stood there when they were described (Java)") {
            val tasks = arrayListOf(Task.of { 1 })
            val callables = arrayOf(Callable { 1 })
            val stages = arrayListOf(CompletableFuture.completedFuture(1))
            val gathers = listOf(Gather.of(tasks), Gather.of(*callables), Gather.started(stages))
            tasks.clear()
            callables[0] = Callable { 2 }
            stages.clear()
            gathers.forEach { it.all().soon() shouldBe listOf(1) }
        }

        test("each option gives a new description and leaves the old one as it was (Java)") {
            val piece = Piece<Int>()
            val plain = Gather.of(Task.of { piece.block() }).name("plain")
            val hurried = plain.timeout(Duration.ZERO)
            hurried shouldNotBeSameInstanceAs plain
            (JavaRunning(hurried.all()).end() is End.Failed) shouldBe true
            piece.timesRun shouldBe 0
            val running = plain.all()
            piece.returns(1)
            running.soon() shouldBe listOf(1)
        }

        test("with() takes the place of the options before it, and keeps the scope (Java)") {
            val scope = GatherScope()
            val gather = Gather.of(Task.of { 1 }).timeout(Duration.ZERO).scope(scope)
            gather.with(GatherOptions.defaults()).all().soon() shouldBe listOf(1)
            scope.close()
            runCatching { gather.with(GatherOptions.defaults()).all() }.exceptionOrNull()!!::class shouldBe
                IllegalStateException::class
        }

        test("a task in two gathers runs once in each (Java)") {
            val piece = value(1)
            val task = Task.of { piece.block() }
            Gather.of(task).all().soon()
            Gather.of(task).all().soon()
            piece.timesRun shouldBe 2
        }

        test("the list of a run is the same object for all who ask (Java)") {
            val future = Gather.of(Task.of { 1 }).all()
            future.soon() shouldBeSameInstanceAs future.join()
        }
    })
