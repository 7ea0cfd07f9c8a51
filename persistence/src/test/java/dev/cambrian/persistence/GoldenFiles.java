package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The bytes of every version of every event ever written, in {@code src/test/resources/golden}, as
 * {@code NAME.vVERSION.cbor}. Run from the module's directory to write those that are missing; one that is there is
 * never written again.
 */
final class GoldenFiles {
  private GoldenFiles() {}

  static String fileOf(String example, Object event) {
    int version = event instanceof PopulationEvent
        ? EventCodec.POPULATION.typeOf(event).version()
        : EventCodec.INDIVIDUAL.typeOf(event).version();
    return example + ".v" + version + ".cbor";
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of("src/test/resources/golden");
    for (Map.Entry<String, Object> example : Examples.byName().entrySet()) {
      Path file = directory.resolve(fileOf(example.getKey(), example.getValue()));
      if (!Files.exists(file)) {
        Files.write(file, EventCodec.encode(example.getValue()));
      }
    }
  }
}
