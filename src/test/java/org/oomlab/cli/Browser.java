package org.oomlab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** A Chromium without a window, told what to do by the protocol of its developer tools. */
final class Browser implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final ObjectMapper json = new ObjectMapper();
  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private int last;

  /** Starts it, with what it keeps in a folder. */
  Browser(Path chromium, Path folder) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path port = folder.resolve("DevToolsActivePort");
    for (int i = 0; i < PATIENCE_SECONDS * 10 && lines(port).size() < 2; i++) {
      Thread.sleep(100);
    }
    List<String> where = lines(port);
    if (where.size() < 2) {
      process.destroyForcibly();
      throw new IOException("the browser does not say where it listens");
    }
    HttpClient http = HttpClient.newHttpClient();
    URI list = URI.create("http://127.0.0.1:" + where.get(0) + "/json/list");
    JsonNode pages;
    try (InputStream in = list.toURL().openStream()) {
      pages = json.readTree(in);
    }
    String page = pages.get(0).get("webSocketDebuggerUrl").asText();
    socket = http.newWebSocketBuilder().buildAsync(URI.create(page), new Ear()).join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      tell(domain + ".enable");
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Puts the parts of messages together. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
      text.append(data);
      if (isLast) {
        try {
          heard.add(json.readTree(text.toString()));
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  /** Tells it to do something and waits for the answer; values are numbers, words or JSON. */
  JsonNode tell(String method, Object... keysAndValues) throws IOException, InterruptedException {
    ObjectNode message = json.createObjectNode();
    message.put("id", ++last);
    message.put("method", method);
    ObjectNode parameters = message.putObject("params");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      parameters.set((String) keysAndValues[i], json.valueToTree(keysAndValues[i + 1]));
    }
    socket.sendText(message.toString(), true).join();
    return until("id", Integer.toString(last)).path("result");
  }

  private JsonNode until(String key, String value) throws IOException, InterruptedException {
    while (true) {
      JsonNode next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new IOException("the browser says nothing any more");
      }
      note(next);
      if (next.path(key).asText().equals(value)) {
        return next;
      }
    }
  }

  private void note(JsonNode event) {
    JsonNode its = event.path("params");
    switch (event.path("method").asText()) {
      case "Runtime.exceptionThrown" -> complaints.add(its.path("exceptionDetails").toString());
      case "Runtime.consoleAPICalled" -> complaints.add(its.path("args").toString());
      case "Log.entryAdded" -> complaints.add(its.path("entry").toString());
      case "Network.requestWillBeSent" -> requests.add(its.path("request").path("url").asText());
      default -> {}
    }
  }

  /** Shows a page and forgets what was heard of others. */
  void show(Path page, int width, int height, boolean dark)
      throws IOException, InterruptedException {
    complaints.clear();
    requests.clear();
    tell(
        "Emulation.setDeviceMetricsOverride",
        "width",
        width,
        "height",
        height,
        "deviceScaleFactor",
        1,
        "mobile",
        false);
    tell(
        "Emulation.setEmulatedMedia",
        "features",
        List.of(
            json.createObjectNode()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light")));
    tell("Page.navigate", "url", page.toUri().toString());
    until("method", "Page.loadEventFired");
  }

  /** What an expression comes to in the page. */
  String value(String expression) throws IOException, InterruptedException {
    JsonNode result = tell("Runtime.evaluate", "expression", expression, "returnByValue", true);
    return result.path("result").path("value").asText();
  }

  /** Moves the mouse. */
  void point(double x, double y) throws IOException, InterruptedException {
    tell("Input.dispatchMouseEvent", "type", "mouseMoved", "x", x, "y", y);
  }

  /** What there is to see. */
  BufferedImage picture() throws IOException, InterruptedException {
    String data = tell("Page.captureScreenshot", "format", "png").path("data").asText();
    byte[] bytes = Base64.getDecoder().decode(data);
    return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(bytes)));
  }

  /** What the page had to complain of, or told the console. */
  List<String> complaints() {
    return complaints;
  }

  /** What the page asked for, itself first. */
  List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join().destroyForcibly();
    process.onExit().join();
  }
}
