package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PermitQueueTest {
  private final Map<String, Claim> claims = new HashMap<>();
  private final Map<Claim, String> names = new IdentityHashMap<>();
  private PermitQueue queue = new PermitQueue(1, null);
  private long now;

  @Test
  void inTheOrderOfArrival() {
    queue.setMax(2);
    ask("a");
    ask("b");
    ask("c");
    ask("d");
    assertEquals(List.of("a", "b"), granted());
    assertCounts(2, 2);
    giveBack("b");
    assertEquals(List.of("c"), granted());
    giveBack("a");
    giveBack("c");
    assertEquals(List.of("d"), granted());
    giveBack("d");
    assertEquals(List.of(), granted());
    assertCounts(0, 0);
  }

  @Test
  void whoLeavesIsNotGranted() {
    ask("a");
    ask("b");
    ask("c");
    ask("d");
    granted();
    leave("c");
    leave("c");
    leave("b");
    giveBack("a");
    assertEquals(List.of("d"), granted());
    assertCounts(1, 0);
  }

  @Test
  void aSecondTimeNothingIsGivenBack() {
    ask("a");
    ask("b");
    ask("c");
    granted();
    giveBack("a");
    giveBack("a");
    assertEquals(List.of("b"), granted());
    leave("b"); // it has its permit
    assertCounts(1, 1);
    leave("c");
    giveBack("c"); // it never had one
    assertCounts(1, 0);
  }

  @Test
  void moreSlotsAreForThoseThatWait() {
    for (String name : List.of("a", "b", "c", "d")) {
      ask(name);
    }
    granted();
    queue.setMax(3);
    assertEquals(List.of("b", "c"), granted());
  }

  @Test
  void fewerSlotsTakeNothingAway() {
    queue.setMax(3);
    for (String name : List.of("a", "b", "c", "d")) {
      ask(name);
    }
    granted();
    queue.setMax(1);
    assertCounts(3, 1);
    giveBack("a");
    giveBack("b");
    assertEquals(List.of(), granted());
    giveBack("c");
    assertEquals(List.of("d"), granted());
  }

  // ---- loans

  @Test
  void whoIsInsideBorrows() {
    ask("outer");
    ask("stranger");
    granted();
    ask("inner", "outer");
    assertEquals(List.of("inner"), granted());
    assertCounts(1, 1);
    giveBack("inner");
    assertEquals(List.of(), granted());
    giveBack("outer");
    assertEquals(List.of("stranger"), granted());
  }

  @Test
  void theBorrowerMayOutliveTheLender() {
    ask("outer");
    granted();
    ask("inner", "outer");
    ask("stranger");
    assertEquals(List.of("inner"), granted());
    giveBack("outer");
    assertEquals(List.of(), granted());
    assertCounts(1, 1);
    giveBack("inner");
    assertEquals(List.of("stranger"), granted());
  }

  @Test
  void oneBorrowerAtATime() {
    ask("outer");
    granted();
    ask("one", "outer");
    ask("two", "outer");
    ask("three", "outer");
    assertEquals(List.of("one"), granted());
    giveBack("one");
    assertEquals(List.of("two"), granted());
    leave("three");
    giveBack("two");
    assertEquals(List.of(), granted());
    giveBack("outer");
    assertCounts(0, 0);
  }

  @Test
  void theLoanIsBackWhenTheLoansOfTheBorrowerAre() {
    ask("outer");
    granted();
    ask("inner", "outer");
    granted();
    ask("innermost", "inner");
    ask("other", "outer");
    assertEquals(List.of("innermost"), granted());
    giveBack("inner");
    assertEquals(List.of(), granted());
    giveBack("innermost");
    assertEquals(List.of("other"), granted());
    assertCounts(1, 0);
  }

  @Test
  void whileThePermitIsLentAFreeOneIsTakenInTurn() {
    queue.setMax(2);
    ask("outer");
    granted();
    ask("one", "outer");
    ask("two", "outer");
    ask("three", "outer");
    assertEquals(List.of("one", "two"), granted());
    assertCounts(2, 1);
    giveBack("two");
    assertEquals(List.of("three"), granted());
  }

  @Test
  void aLoanIsTakenRatherThanAFreeSlot() {
    queue.setMax(3);
    ask("outer");
    granted();
    ask("inner", "outer");
    granted();
    assertCounts(1, 0);
  }

  @Test
  void loansPassByThoseThatWaitForASlotInTheOrderOfArrival() {
    queue.setMax(2);
    ask("a");
    ask("b");
    ask("stranger");
    granted();
    ask("in b", "b");
    ask("in a", "a");
    ask("also in b", "b");
    assertEquals(List.of("in b", "in a"), granted());
    giveBack("in b");
    assertEquals(List.of("also in b"), granted());
  }

  @Test
  void whoseOuterOneIsDoneWaitsInsideTheNextOneAround() {
    ask("a");
    granted();
    ask("b", "a");
    granted();
    ask("c", "b");
    granted();
    ask("d", "c");
    granted();
    ask("stranger");
    ask("late", "c");
    giveBack("d");
    giveBack("c");
    giveBack("b");
    assertEquals(List.of("late"), granted());
    giveBack("late");
    ask("later", "d");
    assertEquals(List.of("later"), granted());
    giveBack("later");
    giveBack("a");
    assertEquals(List.of("stranger"), granted());
    ask("latest", "d");
    assertEquals(List.of(), granted());
    assertCounts(1, 1);
  }

  @Test
  void whoWaitedInsideOneThatIsDoneIsAStranger() {
    queue.setMax(2);
    ask("a");
    ask("b");
    granted();
    ask("stranger");
    ask("one", "a");
    ask("two", "a");
    assertEquals(List.of("one"), granted());
    giveBack("a");
    giveBack("b");
    assertEquals(List.of("stranger"), granted());
    giveBack("one");
    assertEquals(List.of("two"), granted());
  }

  @Test
  void deepLoansAreGivenBackInAnyOrder() {
    int depth = 10_000;
    ask("0");
    granted();
    for (int i = 1; i < depth; i++) {
      ask("" + i, "" + (i - 1));
      assertEquals(1, granted().size());
    }
    assertCounts(1, 0);
    ask("stranger");
    for (int i = 0; i < depth - 1; i++) {
      giveBack("" + i);
    }
    assertEquals(List.of(), granted());
    giveBack("" + (depth - 1));
    assertEquals(List.of("stranger"), granted());
  }

  // ---- the rate

  @Test
  void theRateIsForEverybodyAlsoForBorrowers() {
    queue = new PermitQueue(1, new RateClock(1e8, 1)); // one in ten nanoseconds
    ask("outer");
    assertEquals(List.of("outer"), granted());
    ask("stranger");
    assertEquals(PermitQueue.NEVER, queue.delay(now));
    ask("inner", "outer");
    assertEquals(List.of(), granted());
    assertEquals(10, queue.delay(now));
    now = 9;
    assertEquals(List.of(), granted());
    assertEquals(1, queue.delay(now));
    now = 10;
    assertEquals(List.of("inner"), granted());
    assertEquals(PermitQueue.NEVER, queue.delay(now));
    giveBack("inner");
    giveBack("outer");
    assertEquals(10, queue.delay(now));
    leave("stranger");
    assertEquals(PermitQueue.NEVER, queue.delay(now));
  }

  @Test
  void whoArrivedFirstHasTheFirstTurn() {
    queue = new PermitQueue(3, new RateClock(1e8, 3));
    ask("a");
    ask("b");
    ask("c");
    assertEquals(List.of("a", "b", "c"), granted());
    ask("first in b", "b");
    ask("second in b", "b");
    ask("in c", "c");
    now = 10;
    assertEquals(List.of("first in b"), granted());
    giveBack("first in b");
    now = 20;
    assertEquals(List.of("second in b"), granted()); // it arrived before the one that could borrow
    now = 30;
    assertEquals(List.of("in c"), granted());
  }

  @Test
  void aRateThatIsNewHasABurstOfOne() {
    queue.setMax(PermitQueue.UNLIMITED);
    queue.setRate(1e8, 0);
    ask("a");
    ask("b");
    ask("c");
    assertEquals(List.of("a"), granted());
    queue.setRate(1e9, 0);
    now = 1;
    assertEquals(List.of("b"), granted());
    assertEquals(1, queue.delay(now));
  }

  // ---- all together

  @Test
  void whateverHappensTheBoundHoldsAndNobodyIsLeftBehind() {
    for (int seed = 0; seed < 300; seed++) {
      new Chaos(seed).run();
    }
  }

  @Test
  void itSaysWhatItIs() {
    assertEquals("concurrent=1,active=0,waiting=0", text());
    queue.setMax(PermitQueue.UNLIMITED);
    assertEquals("active=0,waiting=0", text());
    queue = new PermitQueue(3, new RateClock(2.5, 7));
    ask("a");
    granted();
    assertEquals("concurrent=3,perSecond=2.5,burst=7,active=1,waiting=0", text());
  }

  private String text() {
    StringJoiner text = new StringJoiner(",");
    queue.describe(text);
    return text.toString();
  }

  private void ask(String name) {
    ask(name, null);
  }

  private void ask(String name, @Nullable String outer) {
    Claim claim = new Claim(outer == null ? null : claim(outer), () -> {});
    claims.put(name, claim);
    names.put(claim, name);
    queue.ask(claim);
  }

  private void leave(String name) {
    queue.leave(claim(name));
  }

  private void giveBack(String name) {
    queue.giveBack(claim(name));
  }

  private Claim claim(String name) {
    return Objects.requireNonNull(claims.get(name), name);
  }

  private List<String> granted() {
    List<String> granted = new ArrayList<>();
    for (Claim claim = queue.next(now); claim != null; claim = queue.next(now)) {
      granted.add(names.get(claim));
    }
    return granted;
  }

  private void assertCounts(int active, int waiting) {
    assertEquals(active, queue.active());
    assertEquals(waiting, queue.waiting());
  }

  /** Random steps, and what must be so after each of them. */
  private static final class Chaos {
    private final Random random;
    private final PermitQueue queue;
    private final List<Claim> claims = new ArrayList<>();
    private int max = 2;

    Chaos(int seed) {
      this.random = new Random(seed);
      this.queue = new PermitQueue(max, null);
    }

    void run() {
      for (int i = 0; i < 100; i++) {
        step();
        grant();
        check();
      }
      // Nested work ends from the inside out: whoever waits is inside of work that goes on.
      while (!held().isEmpty()) {
        List<Claim> held = held();
        Claim innermost =
            held.stream()
                .filter(claim -> claims.stream().noneMatch(it -> isOpenInside(it, claim)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("stuck with " + queue.waiting()));
        queue.giveBack(innermost);
        grant();
        check();
      }
      assertEquals(0, queue.active());
      assertEquals(0, queue.waiting());
    }

    private void step() {
      switch (random.nextInt(8)) {
        case 0, 1 -> ask(null);
        case 2, 3, 4 -> any().ifPresent(this::ask);
        case 5 -> any().ifPresent(queue::giveBack);
        case 6 -> any().ifPresent(queue::leave);
        default -> {
          max = 1 + random.nextInt(4);
          queue.setMax(max);
        }
      }
    }

    private void ask(@Nullable Claim outer) {
      // What is not granted yet is not known to anybody who could do something inside of it.
      Claim known = outer == null || outer.state == Claim.State.WAITING ? null : outer;
      Claim claim = new Claim(known, () -> {});
      claims.add(claim);
      queue.ask(claim);
    }

    private Optional<Claim> any() {
      return claims.isEmpty()
          ? Optional.empty()
          : Optional.of(claims.get(random.nextInt(claims.size())));
    }

    private void grant() {
      int before = queue.active();
      int granted = 0;
      while (queue.next(0) != null) {
        granted++;
      }
      assertTrue(queue.active() <= Math.max(before, max), "more than " + max);
      assertTrue(granted <= claims.size());
    }

    private void check() {
      assertNull(queue.next(0));
      assertEquals(
          claims.stream().filter(claim -> claim.state == Claim.State.WAITING).count(),
          queue.waiting());
      // A slot is taken as long as anybody in its chain has not given back.
      assertEquals(
          claims.stream().filter(this::hasSlot).filter(Chaos::isChainOpen).count(), queue.active());
      assertTrue(
          queue.waiting() == 0 || queue.active() >= max, "a slot is free and somebody waits");
      for (Claim claim : claims) {
        boolean waitsInside = claim.state == Claim.State.WAITING && claim.outer != null;
        assertTrue(!waitsInside || !claim.outer.canLend(), "a loan could be had");
      }
    }

    private boolean hasSlot(Claim claim) {
      return claim.lender == null && everHeld(claim);
    }

    private boolean everHeld(Claim claim) {
      return claim.state == Claim.State.HELD || claim.borrower != null;
    }

    private static boolean isChainOpen(Claim claim) {
      for (Claim at = claim; at != null; at = at.borrower) {
        if (at.state == Claim.State.HELD) {
          return true;
        }
      }
      return false;
    }

    private List<Claim> held() {
      return claims.stream().filter(claim -> claim.state == Claim.State.HELD).toList();
    }

    /** Whether somewhere inside of a claim there is work that goes on or waits. */
    private static boolean isOpenInside(Claim claim, Claim of) {
      if (claim.state == Claim.State.OVER) {
        return false;
      }
      for (Claim at = claim.outer; at != null; at = at.outer) {
        if (at == of) {
          return true;
        }
      }
      return false;
    }
  }
}
