package dev.cambrian.model;

import java.util.Objects;

/**
 * A place in a {@link Dna} where the outputs of edges meet, are added, and pass an activation (Real17, supplement).
 *
 * @param id unique among the vertices and edges of a lineage
 * @param inputsMutable whether mutations may add, remove or alter edges that enter it
 * @param outputsMutable whether mutations may add, remove or alter edges that leave it
 * @param propertiesMutable whether mutations may alter its activation or remove it
 */
public record Vertex(
    int id, Activation activation, boolean inputsMutable, boolean outputsMutable, boolean propertiesMutable) {

  public Vertex {
    Objects.requireNonNull(activation, "a vertex needs an activation");
  }

  /** What happens to the sum of a vertex's inputs. */
  public enum Activation {
    /** Nothing. */
    LINEAR,
    /** Batch normalisation, then {@code max(x, 0)}: the paper writes max(x, leak * x) without a leak; 0 here. */
    BN_RELU
  }

  /** The images: nothing enters it, and it cannot be removed. */
  static Vertex input(int id) {
    return new Vertex(id, Activation.LINEAR, false, true, false);
  }

  /** What the classifying head reads: nothing leaves it, and it cannot be removed. */
  static Vertex output(int id) {
    return new Vertex(id, Activation.LINEAR, true, false, false);
  }

  /** A vertex that mutations may do anything to. */
  public static Vertex hidden(int id, Activation activation) {
    return new Vertex(id, activation, true, true, true);
  }
}
