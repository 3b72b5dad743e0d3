package dev.gather.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gather.benchmarks.Listed;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SubjectTest {

  static Set<String> workloads() {
    return Listed.contenders().keySet();
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void everyWorkloadIsKnown(String workload) {
    assertNotEquals(Subject.OTHER, Subject.of(workload));
  }
}
