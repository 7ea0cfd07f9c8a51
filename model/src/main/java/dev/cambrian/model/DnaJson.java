package dev.cambrian.model;

import java.util.List;

/** A {@link Dna} as JSON, both ways: its fields by name, and {@code "version": 1}, which stays readable for good. */
final class DnaJson {
  private DnaJson() {}

  private static final int VERSION = 1;

  private record Written(
      int version, List<Vertex> vertices, List<Edge> edges, double learningRate, double weightDecay, int nextId)
      implements Json.Versioned {}

  static String write(Dna dna) {
    return Json.write(new Written(
        VERSION, dna.vertices(), dna.edges(), dna.learningRate(), dna.weightDecay(), dna.nextId()));
  }

  static Dna read(String text) {
    Written dna = Json.read(text, Written.class, VERSION, "a genotype");
    return Json.build(
        () -> new Dna(dna.vertices, dna.edges, dna.learningRate, dna.weightDecay, dna.nextId), "a genotype");
  }
}
