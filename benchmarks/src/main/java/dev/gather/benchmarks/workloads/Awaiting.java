package dev.gather.benchmarks.workloads;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.spotify.futures.CompletableFutures;
import dev.gather.future.Gather;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How each contender starts to wait for futures it is given; each gives a future of the list. */
final class Awaiting {
  private Awaiting() {}

  static CompletableFuture<List<Item>> gather(List<CompletableFuture<Item>> futures) {
    return Gather.<Item>started(futures).all();
  }

  static CompletableFuture<List<Item>> allOf(List<CompletableFuture<Item>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .thenApply(none -> futures.stream().map(CompletableFuture::join).toList());
  }

  static CompletableFuture<List<Item>> spotify(List<CompletableFuture<Item>> futures) {
    return CompletableFutures.allAsList(futures);
  }

  static CompletableFuture<List<Item>> reactor(List<CompletableFuture<Item>> futures) {
    return Flux.fromIterable(futures)
        .flatMapSequential(Mono::fromFuture, Math.max(1, futures.size()))
        .collectList()
        .toFuture();
  }

  static CompletableFuture<List<Item>> mutiny(List<CompletableFuture<Item>> futures) {
    List<Uni<Item>> unis =
        futures.stream().map(future -> Uni.createFrom().completionStage(future)).toList();
    return Uni.join().all(unis).andFailFast().subscribeAsCompletionStage();
  }

  static ListenableFuture<List<Item>> guava(List<? extends ListenableFuture<Item>> futures) {
    return Futures.allAsList(futures);
  }

  static List<Item> get(ListenableFuture<List<Item>> all) {
    try {
      return all.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static Future<List<Item>> vertx(List<Future<Item>> futures) {
    return Future.all(futures).map(all -> all.<Item>list());
  }
}
