package dev.gather.verification.leaks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.testing.LeakGuard;
import org.junit.jupiter.api.Test;

class LeakGuardTest {
  @Test
  void aTestOfJUnitIsBeingWatched() {
    assertTrue(LeakGuard.isWatching());
  }
}
