package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The process that evolves an experiment, as it writes itself into the experiment's folder: whom other commands ask.
 *
 * @param address {@code 127.0.0.1:port}
 * @param token what a request must bear; whoever can read the file may ask
 */
record Owner(long process, String address, String token) {
  private static final String FILE = "owner.json";

  /** The owner that is written in an experiment's folder; its process may be gone. */
  static Optional<Owner> of(Path experiment) throws IOException {
    try {
      ObjectNode node = Json.parse(Files.readString(experiment.resolve(FILE)));
      return Optional.of(new Owner(
          node.path("process").asLong(), node.path("address").asText(), node.path("token").asText()));
    } catch (NoSuchFileException | IllegalArgumentException nobodyOrTornByACrash) {
      return Optional.empty();
    }
  }

  /** Writes itself, readable for this user alone. */
  void write(Path experiment) throws IOException {
    Path file = experiment.resolve(FILE);
    ObjectNode node = Json.object();
    node.put("process", process);
    node.put("address", address);
    node.put("token", token);
    boolean posix = Files.getFileStore(experiment).supportsFileAttributeView("posix");
    FileAttribute<?>[] mine = posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
        : new FileAttribute<?>[0];
    Path temporary = Files.createTempFile(experiment, "owner", ".tmp", mine);
    Files.writeString(temporary, Json.line(node));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes back what {@link #write} wrote. */
  static void remove(Path experiment) throws IOException {
    Files.deleteIfExists(experiment.resolve(FILE));
  }

  /** Whether its process still runs. */
  boolean alive() {
    return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
  }
}
