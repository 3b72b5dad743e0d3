package dev.gather.samples.cli.fetch.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gather.samples.cli.fetch.report.FetchRow.State;
import java.util.Locale;

/** A {@link FetchReport} for machines. */
public final class FetchJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FetchJson() {}

  public static String of(FetchReport report) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode results = root.putArray("results");
    report.rows().forEach(row -> add(results.addObject(), row));
    root.put("total", report.rows().size());
    for (State state : State.values()) {
      root.put(word(state), report.count(state));
    }
    root.put("interrupted", report.interrupted());
    root.put("bytes", report.bytes());
    root.put("millis", report.took().toMillis());
    root.put("sumOfPartsMillis", report.sumOfParts().toMillis());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of plain values can always be written", e);
    }
  }

  /** One row in one line. */
  public static String line(FetchRow row) {
    ObjectNode object = JSON.createObjectNode();
    add(object, row);
    return object.toString();
  }

  private static void add(ObjectNode object, FetchRow row) {
    object.put("url", row.url().toString());
    object.put("state", word(row.state()));
    object.put("status", row.status() == 0 ? null : row.status());
    object.put("bytes", row.status() == 0 ? null : row.bytes());
    object.put("millis", row.elapsed().toMillis());
    object.put("error", row.error());
    object.put("file", row.file() == null ? null : row.file().toString());
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
