package dev.cambrian.persistence.history;

import dev.cambrian.model.MutationKind;
import dev.cambrian.model.Structure;
import dev.cambrian.persistence.IndividualEvent;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/** Fills the tables of what the biographies tell, individual by individual. */
final class BiographyTables implements AutoCloseable {
  private static final double MILLIS = 1000;

  private final boolean graphs;
  private final Table conceived;
  private final Table results;
  private final Table curves;

  /**
   * The tables, empty.
   *
   * @param graphs whether the genotypes are graphs; the structure of others is not told
   */
  BiographyTables(DuckDBConnection database, boolean graphs) throws SQLException {
    this.graphs = graphs;
    conceived = new Table(database, "loaded", "conceived");
    results = new Table(database, "loaded", "results");
    curves = new Table(database, "main", "curves");
  }

  /** Takes one individual's biography. */
  void add(long individual, List<IndividualEvent> biography) {
    for (IndividualEvent event : biography) {
      if (event instanceof IndividualEvent.Conceived made) {
        Optional<Structure> structure = graphs ? Structure.read(made.genotype()) : Optional.empty();
        conceived.row(individual, made.generation(), made.mutations().stream().map(BiographyTables::name).toList(),
            made.inherits(), made.parameters(),
            structure.map(Structure::learningRate).orElse(null), structure.map(Structure::weightDecay).orElse(null),
            structure.map(Structure::depth).orElse(null), structure.map(Structure::convolutions).orElse(null),
            structure.map(Structure::skips).orElse(null));
      } else if (event instanceof IndividualEvent.Trained trained) {
        results.row(individual, trained.attempt(), true, trained.fitness(), null, null, trained.flops(),
            trained.tookMillis() / MILLIS, trained.worker(), trained.weights(), trained.at());
        for (IndividualEvent.CurvePoint point : trained.curve()) {
          curves.row(individual, trained.attempt(), point.step(), point.loss(), point.accuracy());
        }
      } else if (event instanceof IndividualEvent.Failed failed) {
        results.row(individual, failed.attempt(), false, null, failed.reason(), failed.message(), failed.flops(), null,
            failed.worker(), null, failed.at());
      }
    }
  }

  /** As application.conf writes it, e.g. {@code "insert-convolution"}. */
  private static String name(MutationKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public void close() throws SQLException {
    for (Table table : new Table[] {conceived, results, curves}) {
      table.close();
    }
  }
}
