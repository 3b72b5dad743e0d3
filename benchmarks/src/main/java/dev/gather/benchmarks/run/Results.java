package dev.gather.benchmarks.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/** Rows of the JSON of JMH, from JMH and from what measures beside it. */
final class Results {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ArrayNode rows = JSON.createArrayNode();

  void add(Collection<RunResult> measured) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(measured);
    out.flush();
    addAll(bytes.toByteArray());
  }

  /** Rows that are JSON already. */
  void addAll(byte[] json) throws IOException {
    JsonNode more = JSON.readTree(json);
    more.forEach(rows::add);
  }

  /** Begins a row. */
  ObjectNode add(String packageName, String workload, String contender) {
    return rows.addObject().put("benchmark", packageName + "." + workload + "." + contender);
  }

  ArrayNode rows() {
    return rows;
  }

  void write(Path file) throws IOException {
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), rows);
  }
}
