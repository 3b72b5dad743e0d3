package dev.gather.coroutines.internal.cells

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.datatest.withData
import io.kotest.matchers.shouldBe

/** The list of results, whether it was one array from the beginning, is copied, or lies in its blocks. */
class SlotsSpec :
    FunSpec({
        data class Shape(
            val expected: Int,
            val size: Int,
        )

        fun list(shape: Shape): List<Any?> {
            val slots = Slots(shape.expected)
            for (index in 0 until shape.size) {
                slots.reserve(index)
                slots.set(index, index)
            }
            return slots.asList(shape.size)
        }

        val shapes =
            listOf(
                Shape(0, 0),
                Shape(3, 3),
                Shape(5, 3),
                Shape(0, 1_024),
                Shape(0, 1_025),
                Shape(10, 16_384),
                Shape(10, 16_385),
                Shape(20_000, 20_000),
                Shape(20_000, 19_000),
                Shape(20_000, 20_001),
                Shape(0, 30_721),
            )

        context("holds every cell in order") {
            withData(shapes) { list(it) shouldBe List(it.size) { at -> at } }
        }

        context("is copied to an array that is smaller, larger or just right") {
            withData(shapes) {
                val cells = List(it.size) { at -> at }

                @Suppress("PLATFORM_CLASS_MAPPED_TO_KOTLIN") // it has the methods that Kotlin hides
                val list = list(it) as java.util.List<*>
                list.toArray().toList() shouldBe cells
                list.toArray(arrayOfNulls<Int>(0)).toList() shouldBe cells
                list.toArray(arrayOfNulls<Int>(it.size)).toList() shouldBe cells
                list.toArray(Array(it.size + 2) { 7 }).toList() shouldBe cells + null + 7
            }
        }

        context("has nothing beyond its end, and cannot be changed") {
            withData(shapes) {
                val list = list(it)
                shouldThrow<IndexOutOfBoundsException> { list[it.size] }
                shouldThrow<IndexOutOfBoundsException> { list[-1] }
                shouldThrow<UnsupportedOperationException> { (list as MutableList<Any?>).add(1) }
                if (it.size > 0) shouldThrow<UnsupportedOperationException> { (list as MutableList<Any?>)[0] = 1 }
            }
        }
    })
