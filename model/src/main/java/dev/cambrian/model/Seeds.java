package dev.cambrian.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Where randomness comes from: derived, not carried. What is drawn for a purpose at an event depends on the
 * experiment's seed, that event's number and the purpose alone, so it is the same on a second attempt, after a crash,
 * and in a fork that has not diverged.
 */
public final class Seeds {
  private Seeds() {}

  /**
   * A seed: the first 8 bytes of the SHA-256 of all three.
   *
   * @param experiment the experiment's seed
   * @param number of the event or the child that it is for
   * @param purpose a word, e.g. {@code "mutation"}; different purposes give unrelated seeds
   */
  public static long derive(long experiment, long number, String purpose) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(experiment).putLong(number).flip());
      return ByteBuffer.wrap(sha.digest(purpose.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /**
   * A random source for a seed: SplitMix64, whose {@code nextLong} and {@code nextDouble} have not changed since JDK 8
   * (a test holds their values).
   */
  public static RandomGenerator random(long seed) {
    return new SplittableRandom(seed);
  }
}
