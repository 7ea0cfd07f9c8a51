package dev.cambrian.training;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The content address of a weights file: the SHA-256 of its bytes as 64 lower-case hexadecimal digits. */
public record WeightsHash(String hex) {
  public WeightsHash {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a weights hash is 64 hexadecimal digits, not '" + hex + "'");
    }
  }

  /** The address of a file's bytes. */
  public static WeightsHash of(byte[] bytes) {
    try {
      return new WeightsHash(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether these are the bytes of this address. */
  public boolean matches(byte[] bytes) {
    return equals(of(bytes));
  }

  @Override
  public String toString() {
    return hex;
  }
}
