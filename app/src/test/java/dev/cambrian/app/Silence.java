package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to the logs and to standard error from now on: whoever was asked nonsense must not cry out there. */
final class Silence implements AutoCloseable {
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final List<String> published = Collections.synchronizedList(new ArrayList<>());
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord record) {
      published.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  Silence() {
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    logged.start();
    root().setLevel(Level.WARN);
    root().addAppender(logged);
    java.util.logging.Logger.getLogger("").addHandler(handler);
  }

  /** Fails where there was a warning, a stack trace or anything else. */
  void assertKept() {
    assertEquals(List.of(), logged.list);
    assertEquals(List.of(), published);
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
  }

  private static ch.qos.logback.classic.Logger root() {
    return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  }

  @Override
  public void close() {
    System.setErr(standardError);
    root().detachAppender(logged);
    root().setLevel(Level.OFF);
    java.util.logging.Logger.getLogger("").removeHandler(handler);
  }
}
