package dev.gather.benchmarks.suspending

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList

/** A merged flow is in the order of completion, so each value carries its place. */
@OptIn(ExperimentalCoroutinesApi::class)
internal suspend fun <A, T> Iterable<A>.mergedInOrder(concurrency: Int, body: suspend (A) -> T): List<T> =
    withIndex()
        .asFlow()
        .flatMapMerge(concurrency) { (index, item) -> flow { emit(IndexedValue(index, body(item))) } }
        .toList()
        .sortedBy { it.index }
        .map { it.value }
