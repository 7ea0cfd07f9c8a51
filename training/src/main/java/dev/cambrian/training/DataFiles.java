package dev.cambrian.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files of a data set, read whole; what goes wrong is told with the file's name. */
final class DataFiles {
  private DataFiles() {}

  static byte[] read(Path file) throws BadData {
    if (Files.isDirectory(file)) {
      throw new BadData(file + " is a directory where a file should be");
    }
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new BadData(file + " is missing", e);
    } catch (IOException e) {
      throw new BadData(file + " cannot be read: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new BadData(file + " is too large to be read into memory", e);
    }
  }
}
