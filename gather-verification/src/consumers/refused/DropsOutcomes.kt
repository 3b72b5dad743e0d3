import dev.gather.coroutines.gatherSettled

suspend fun save(rows: List<String>) {
    rows.gatherSettled { println(it) }
}
