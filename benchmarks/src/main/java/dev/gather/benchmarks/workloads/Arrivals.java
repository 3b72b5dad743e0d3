package dev.gather.benchmarks.workloads;

import java.util.Arrays;
import java.util.List;

/** Takes items as they come and puts each in its place: the same work for every contender. */
public final class Arrivals {
  private final Item[] places;
  private int count;

  public Arrivals(int expected) {
    this.places = new Item[expected];
  }

  public void add(Item item) {
    places[item.index()] = item;
    count++;
  }

  public List<Item> inOrder() {
    if (count != places.length) {
      throw new IllegalStateException(count + " have come of " + places.length);
    }
    return Arrays.asList(places);
  }
}
