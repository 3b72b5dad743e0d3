package dev.gather.verification.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A new public type is a deliberate act: it is named here. */
class PublicTypesTest {

  @Test
  void theWordsBothDoorsSpeak() {
    assertTypes(
        PublishedModule.API,
        "dev.gather.CancelReason",
        "dev.gather.CheckReturnValue",
        "dev.gather.Completed",
        "dev.gather.FailurePolicy",
        "dev.gather.GatherException",
        "dev.gather.GatherListener",
        "dev.gather.GatherOptions",
        "dev.gather.GatherOptions$Builder",
        "dev.gather.GatherTimeoutException",
        "dev.gather.Limiter",
        "dev.gather.Limiter$Permit",
        "dev.gather.Outcome",
        "dev.gather.Outcome$Cancelled",
        "dev.gather.Outcome$Failure",
        "dev.gather.Outcome$Success",
        "dev.gather.Outcomes",
        "dev.gather.Outcomes$Partition",
        "dev.gather.Progress");
  }

  @Test
  void theDoorForJava() {
    assertTypes(
        PublishedModule.FACADE,
        "dev.gather.future.Action",
        "dev.gather.future.AsyncBody",
        "dev.gather.future.AsyncStart",
        "dev.gather.future.Body",
        "dev.gather.future.Function3",
        "dev.gather.future.Function4",
        "dev.gather.future.Function5",
        "dev.gather.future.Function6",
        "dev.gather.future.Gather",
        "dev.gather.future.GatherFuture",
        "dev.gather.future.GatherScope",
        "dev.gather.future.ItemAction",
        "dev.gather.future.KeyedGather",
        "dev.gather.future.Results",
        "dev.gather.future.Task");
  }

  @Test
  void theDoorForKotlin() {
    assertTypes(
        PublishedModule.KOTLIN,
        "dev.gather.coroutines.GatherDeferredKt",
        "dev.gather.coroutines.GatherFirstKt",
        "dev.gather.coroutines.GatherFlowKt",
        "dev.gather.coroutines.GatherItemsKt",
        "dev.gather.coroutines.GatherKeyedKt",
        "dev.gather.coroutines.GatherKt",
        "dev.gather.coroutines.GatherTypedKt",
        "dev.gather.coroutines.GatherTypedOptionsKt",
        "dev.gather.coroutines.LimiterKt",
        "dev.gather.coroutines.OptionsKt",
        "dev.gather.coroutines.OutcomeKt",
        "dev.gather.coroutines.OutcomesKt");
  }

  @Test
  void theBridge() {
    assertTypes(
        PublishedModule.BRIDGE,
        "dev.gather.bridge.AwaitingKt",
        "dev.gather.bridge.GatherStagesKt",
        "dev.gather.bridge.JavaDoor",
        "dev.gather.bridge.KotlinFree",
        "dev.gather.bridge.ScopesKt");
  }

  private static void assertTypes(PublishedModule module, String... names) {
    assertEquals(List.of(names), module.types().stream().map(Class::getName).toList());
  }
}
