package dev.gather.benchmarks.report;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.w3c.dom.Document;

/** One line for each contender over the number of tasks, both axes logarithmic, as SVG. */
final class LogLogChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int MINOR_TICKS = 9;
  private static final double MARGIN = 8;
  private static final double ROOM = 1.2;

  static {
    // Otherwise the title of an axis would be outlines and not a text.
    TextUtils.setUseDrawRotatedStringWorkaround(false);
  }

  private final XYSeriesCollection series = new XYSeriesCollection();
  private final XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer();
  private final JFreeChart chart;

  LogLogChart(String title, String measure) {
    lines.setDrawSeriesLineAsPath(true);
    chart = ChartFactory.createXYLineChart(title, "tasks", measure, series);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(MARGIN, MARGIN, MARGIN, MARGIN));
    chart.getTitle().setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    chart.getLegend().setPosition(RectangleEdge.RIGHT);
    chart.getLegend().setFrame(BlockBorder.NONE);
    XYPlot plot = chart.getXYPlot();
    plot.setDomainAxis(axis("tasks"));
    plot.setRangeAxis(axis(measure));
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.setOutlineVisible(false);
    plot.setRenderer(lines);
  }

  void add(String contender, Map<Integer, Double> values) {
    XYSeries line = new XYSeries(contender);
    values.forEach(line::add);
    int number = series.getSeriesCount();
    series.addSeries(line);
    LineStyle.of(contender).applyTo(lines, number);
  }

  void write(Path file) throws IOException {
    fit(chart.getXYPlot().getDomainAxis(), series.getDomainBounds(false));
    fit(chart.getXYPlot().getRangeAxis(), series.getRangeBounds(false));
    SVGGraphics2D graphics = new SVGGraphics2D(emptySvg());
    graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    try (Writer out = Files.newBufferedWriter(file)) {
      graphics.stream(out);
    }
  }

  private static Document emptySvg() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LogAxis axis(String label) {
    LogAxis axis = new LogAxis(label);
    NumberFormat plain = NumberFormat.getInstance(Locale.ROOT);
    axis.setNumberFormatOverride(plain);
    axis.setTickUnit(new NumberTickUnit(1, plain, MINOR_TICKS));
    axis.setMinorTickMarksVisible(true);
    return axis;
  }

  /** Whole powers of ten, and room for the markers on them. */
  private static void fit(ValueAxis axis, Range values) {
    double lower = Math.floor(Math.log10(values.getLowerBound()));
    double upper = Math.ceil(Math.log10(values.getUpperBound()));
    axis.setRange(Math.pow(10, lower) / ROOM, Math.pow(10, Math.max(upper, lower + 1)) * ROOM);
  }
}
