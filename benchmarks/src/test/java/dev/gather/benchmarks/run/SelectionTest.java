package dev.gather.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SelectionTest {
  private static final Pass MANY = Pass.of("Many").n(10, 100);
  private static final Pass FEW = Pass.of("Few", "gather", "raw").n(3);
  private static final Pass BEATS = Pass.of("Heartbeat", "gather").n(100);
  private static final Plan PLAN =
      new Plan(List.of(MANY, FEW), Effort.SHORT, List.of(BEATS), List.of(MANY));

  @Test
  void nothingSaidIsEverything() {
    assertTrue(selection().isEverything());
    assertEquals(PLAN, selection().of(PLAN));
  }

  @Test
  void workloads() {
    assertFalse(selection("-w", "Few").isEverything());
    assertEquals(
        new Plan(List.of(FEW), Effort.SHORT, List.of(), List.of()),
        selection("-w", "Few").of(PLAN));
    assertEquals(
        new Plan(List.of(MANY), Effort.SHORT, List.of(BEATS), List.of(MANY)),
        selection("-w", "Many", "-w", "Heartbeat").of(PLAN));
  }

  @Test
  void contenders() {
    List<String> flow = List.of("flow");
    assertEquals(
        new Plan(
            List.of(MANY.only(flow), FEW.only(flow)),
            Effort.SHORT,
            List.of(BEATS.only(flow)),
            List.of()),
        selection("-c", "flow").of(PLAN));
    assertEquals(
        new Plan(List.of(), Effort.SHORT, List.of(), List.of(MANY)),
        selection("-c", "python").of(PLAN));
  }

  @Test
  void sizes() {
    assertEquals(
        new Plan(
            List.of(MANY.n(7), FEW.n(7)), Effort.SHORT, List.of(BEATS.n(7)), List.of(MANY.n(7))),
        selection("-n", "7").of(PLAN));
  }

  private static Selection selection(String... arguments) {
    WithSelection command = new WithSelection();
    new CommandLine(command).parseArgs(arguments);
    return command.selection;
  }

  @Command
  private static final class WithSelection {
    @CommandLine.Mixin private Selection selection;
  }
}
