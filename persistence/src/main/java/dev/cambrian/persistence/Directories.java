package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Directories on disk: flushed after a rename, and deleted with what is in them. */
final class Directories {
  private Directories() {}

  /** Brings new, renamed and deleted names in a directory to the disk, where the system allows that. */
  static void flush(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException notAllowedHere) {
      // Windows opens no directories; there a rename is durable by itself.
    }
  }

  /** Deletes a directory of files, if it is there. */
  static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          delete(entry);
        } else {
          Files.delete(entry);
        }
      }
    } catch (NoSuchFileException gone) {
      return;
    }
    Files.delete(directory);
  }
}
