package dev.cambrian.app;

import dev.cambrian.model.Dna;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.Network;
import dev.cambrian.model.NetworkDrawing;
import dev.cambrian.model.NetworkJson;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent.Trained;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalDouble;

/**
 * The files of an experiment's best model, in the folder {@code best} of its home: the network, the genotype, the
 * weights and the drawn architecture. They are copies that stay whatever happens to the experiment.
 */
record BestFiles(String experiment, Path home, DataDescription data) {

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
    Path weights = new FolderWeightStore(new ExperimentHome(home).weights()).file(new WeightsHash(trained.weights()));
    copy(weights, folder.resolve("weights.safetensors"));
    write(folder.resolve("network.json"), NetworkJson.write(network));
    write(folder.resolve("genotype.json"), space.toJson(genotype));
    write(folder.resolve("architecture.txt"), architecture);
    return new BestModel(
        experiment, individual, trained.fitness(), test, conceived.parameters(), trained.flops(),
        conceived.generation(), folder.resolve("network.json").toString(),
        folder.resolve("weights.safetensors").toString(), architecture);
  }

  private static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(temporary, text.endsWith("\n") ? text : text + "\n");
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(Path from, Path to) throws IOException {
    Path temporary = to.resolveSibling(to.getFileName() + ".tmp");
    Files.copy(from, temporary, StandardCopyOption.REPLACE_EXISTING);
    Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
