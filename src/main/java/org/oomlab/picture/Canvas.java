package org.oomlab.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Something to draw on, which becomes a file: the same bytes wherever it is drawn. */
final class Canvas {
  /** Dots of a bitmap for each of the picture's points. */
  private static final int DENSITY = 2;

  private static final String SVG = "http://www.w3.org/2000/svg";
  private static final String FAMILY = "DejaVu Sans";

  /** What is as wide as our font, where that is missing. */
  private static final String FAMILIES = "font-family=\"DejaVu Sans,Verdana,sans-serif\"";

  private static final Font FONT = font();

  private Canvas() {}

  /** Somebody who draws. */
  @FunctionalInterface
  interface Painter {
    void paint(Graphics2D on);
  }

  /** Our font in a size. */
  static Font font(float size) {
    return FONT.deriveFont(size);
  }

  private static Font font() {
    System.setProperty("java.awt.headless", "true");
    try (InputStream in = Canvas.class.getResourceAsStream("/oomlab/picture/DejaVuSans.ttf")) {
      return Font.createFont(Font.TRUETYPE_FONT, Objects.requireNonNull(in));
    } catch (IOException | FontFormatException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The picture as SVG, one element that can stand in a page of HTML. */
  static String svg(int width, int height, Painter painter) {
    Document document;
    try {
      document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setComment(null);
    context.setPrecision(2);
    SVGGraphics2D on = new SVGGraphics2D(context, false);
    on.setFont(font(11));
    painter.paint(on);
    Element root = on.getRoot();
    root.setAttribute("viewBox", "0 0 " + width + " " + height);
    root.setAttribute("width", Integer.toString(width));
    root.setAttribute("height", Integer.toString(height));
    StringWriter text = new StringWriter();
    try {
      on.stream(root, text, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String all = text.toString();
    return all.substring(all.indexOf("<svg"))
            .replaceAll("font-family=\"[^\"]*" + FAMILY + "[^\"]*\"", FAMILIES)
        + "\n";
  }

  /** The picture as PNG, on white. */
  static byte[] png(int width, int height, Painter painter) {
    BufferedImage image =
        new BufferedImage(width * DENSITY, height * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D on = image.createGraphics();
    on.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    on.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    on.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    on.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    on.setColor(Color.WHITE);
    on.fillRect(0, 0, image.getWidth(), image.getHeight());
    on.scale(DENSITY, DENSITY);
    on.setColor(Color.BLACK);
    on.setFont(font(11));
    painter.paint(on);
    on.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
