package dev.gather.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Polygon;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;

/** How the line of a contender looks: the same in all charts. */
record LineStyle(Color color, Shape marker, float width) {
  /** Of Okabe and Ito, so that everybody can tell them apart; then again with another marker. */
  private static final List<Color> COLORS =
      List.of(
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0x0072B2),
          new Color(0xD55E00));

  private static final List<Shape> MARKERS =
      List.of(
          new Rectangle2D.Double(-3, -3, 6, 6),
          new Polygon(new int[] {-4, 0, 4, 0}, new int[] {0, -4, 0, 4}, 4),
          new Polygon(new int[] {-4, 4, 0}, new int[] {3, 3, -4}, 3),
          new Polygon(new int[] {-4, 4, 0}, new int[] {-3, -3, 4}, 3),
          new Rectangle2D.Double(-4, -1.5, 8, 3));

  private static final List<String> CONTENDERS =
      List.of(
          "raw",
          "arrow",
          "flow",
          "rawSemaphore",
          "supplyAsync",
          "allOf",
          "invokeAllFixed",
          "invokeAllVirtual",
          "structured",
          "mapConcurrent",
          "parallelCollectors",
          "guava",
          "spotify",
          "reactor",
          "mutiny",
          "vertx",
          "python",
          "gatherPublisher",
          "gatherOneByOne",
          "gatherFlow",
          "channelFlow",
          "completionService",
          "completionServiceVirtual",
          "gatherWithPermit",
          "semaphore",
          "semaphoreVirtual",
          "bulkhead");

  static LineStyle of(String contender) {
    if (contender.equals(Measurement.GATHER)) {
      return new LineStyle(Color.BLACK, new Ellipse2D.Double(-4, -4, 8, 8), 3);
    }
    int number = Math.max(0, CONTENDERS.indexOf(contender));
    return new LineStyle(
        COLORS.get(number % COLORS.size()), MARKERS.get(number / COLORS.size()), 1.5f);
  }

  void applyTo(XYLineAndShapeRenderer lines, int series) {
    lines.setSeriesPaint(series, color);
    lines.setSeriesShape(series, marker);
    lines.setSeriesStroke(series, new BasicStroke(width));
  }
}
