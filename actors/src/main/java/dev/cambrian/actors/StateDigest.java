package dev.cambrian.actors;

/**
 * A population's state in short: two are equal exactly where their digests are.
 *
 * @param event the spine's last event in it
 * @param sha256 of its snapshot's bytes, 64 hexadecimal digits
 */
public record StateDigest(long event, String sha256) implements CborMessage {

  /** The digest of a state. */
  public static StateDigest of(PopulationState population) {
    return new StateDigest(population.head().sequence(), PopulationSnapshot.of(population).sha256());
  }
}
