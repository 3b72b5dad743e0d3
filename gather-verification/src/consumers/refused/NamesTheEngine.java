import dev.gather.coroutines.GatherKt;

final class NamesTheEngine {
  int unlimited = GatherKt.UNLIMITED;
}
