package dev.cambrian.training;

/** The content address of a weights file: the SHA-256 of its bytes as 64 lower-case hexadecimal digits. */
public record WeightsHash(String hex) {
  public WeightsHash {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a weights hash is 64 hexadecimal digits, not '" + hex + "'");
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
