package dev.cambrian.model.mutation;

import dev.cambrian.model.MutationKind;
import java.util.EnumMap;
import java.util.Map;

/** The paper's table of mutations. */
public final class MutationTable {
  private MutationTable() {}

  private static final Map<MutationKind, Mutation> TABLE = new EnumMap<>(Map.ofEntries(
      Map.entry(MutationKind.ALTER_LEARNING_RATE, new AlterLearningRate()),
      Map.entry(MutationKind.IDENTITY, new Identity()),
      Map.entry(MutationKind.RESET_WEIGHTS, new ResetWeights()),
      Map.entry(MutationKind.INSERT_CONVOLUTION, new InsertConvolution()),
      Map.entry(MutationKind.REMOVE_CONVOLUTION, new RemoveConvolution()),
      Map.entry(MutationKind.ALTER_STRIDE, new AlterStride()),
      Map.entry(MutationKind.ALTER_NUMBER_OF_CHANNELS, new AlterNumberOfChannels()),
      Map.entry(MutationKind.FILTER_SIZE, new FilterSize()),
      Map.entry(MutationKind.INSERT_ONE_TO_ONE, new InsertOneToOne()),
      Map.entry(MutationKind.ADD_SKIP, new AddSkip()),
      Map.entry(MutationKind.REMOVE_SKIP, new RemoveSkip())));

  /** The mutation of a name. */
  public static Mutation of(MutationKind kind) {
    return TABLE.get(kind);
  }
}
