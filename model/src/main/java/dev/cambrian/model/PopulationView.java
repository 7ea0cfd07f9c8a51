package dev.cambrian.model;

/** What a {@link Strategy} may read: the ALIVE individuals in a stable order, how many are TRAINING, the set-point. */
public interface PopulationView {

  /** The number of ALIVE individuals. */
  int alive();

  /** The i-th ALIVE individual, 0 to {@code alive() - 1}, in an order that replay reproduces. */
  Contender contender(int index);

  /** The number of individuals that are being trained or wait for it. */
  int training();

  /** The population's set-point (Real17: 1000). */
  int setPoint();

  /** One ALIVE individual: its id and its fitness (validation accuracy, 0 to 1). */
  record Contender(long id, double fitness) {}
}
