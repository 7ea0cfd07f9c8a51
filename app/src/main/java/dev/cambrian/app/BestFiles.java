package dev.cambrian.app;

import dev.cambrian.model.Dna;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.Network;
import dev.cambrian.model.NetworkDrawing;
import dev.cambrian.model.NetworkJson;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent.Trained;
import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalDouble;

/**
 * The files of an experiment's best model, in the folder {@code best} of its home: the network, the genotype, the
 * weights and the drawn architecture. They are copies that stay whatever happens to the experiment.
 *
 * @param store where the weights come from
 */
record BestFiles(String experiment, Path home, WeightStore store, DataDescription data) {

  /**
   * Writes the files of an individual that was trained.
   *
   * @param test its test accuracy, where that was read
   * @throws IOException where they cannot be written, or its weights are missing
   */
  BestModel write(long individual, Conceived conceived, Trained trained, OptionalDouble test) throws IOException {
    GraphSpace space = new GraphSpace(data.image(), data.classes().size());
    Dna genotype = space.fromJson(conceived.genotype());
    Network network = space.express(genotype);
    String architecture = NetworkDrawing.of(network);
    Path folder = home.resolve("best");
    Files.createDirectories(folder);
    write(folder.resolve("weights.safetensors"), store.read(new WeightsHash(trained.weights())));
    write(folder.resolve("network.json"), text(NetworkJson.write(network)));
    write(folder.resolve("genotype.json"), text(space.toJson(genotype)));
    write(folder.resolve("architecture.txt"), text(architecture));
    return new BestModel(
        experiment, individual, trained.fitness(), test, conceived.parameters(), trained.flops(),
        conceived.generation(), folder.resolve("network.json").toString(),
        folder.resolve("weights.safetensors").toString(), architecture);
  }

  private static byte[] text(String text) {
    return (text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(temporary, bytes);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
