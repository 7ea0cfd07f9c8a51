package dev.cambrian.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real file system of little room, in memory, that a test class mounts and fills. Only root on Linux may. */
final class SmallDisk implements BeforeAllCallback, AfterAllCallback {
  private static final byte[] MEBIBYTE = new byte[1 << 20];

  private final int mebibytes;
  private final Path folder;

  SmallDisk(int mebibytes) {
    this.mebibytes = mebibytes;
    folder = Path.of(System.getProperty("java.io.tmpdir"), "cambrian-small-disk-" + ProcessHandle.current().pid());
  }

  /** Whether this user of this machine may mount one. */
  static boolean possible() {
    SmallDisk tried = new SmallDisk(1);
    try {
      tried.beforeAll(null);
      tried.afterAll(null);
      return true;
    } catch (IOException notRoot) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  Path folder() {
    return folder;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    Files.createDirectory(folder);
    try {
      command("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "cambrian-test", folder.toString());
    } catch (IOException e) {
      Files.delete(folder);
      throw e;
    }
  }

  /** Leaves no room. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (Files.getFileStore(folder).getUsableSpace() > 0) {
        out.write(MEBIBYTE);
      }
    } catch (IOException full) {
      if (Files.getFileStore(folder).getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  void makeRoom() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
    command("umount", folder.toString());
    Files.delete(folder);
  }

  private static void command(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", words) + ": " + said);
    }
  }
}
