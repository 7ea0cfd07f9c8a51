package dev.cambrian.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.model.Shape;
import dev.cambrian.training.Dataset;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a trained network has to know of its data when the data are gone: the names of the classes, the shape of an
 * image, and how pixels become numbers. Kept as {@code data.json} in the experiment's folder.
 */
record DataDescription(List<String> classes, Shape image, Normalization normalization) {
  private static final String FILE = "data.json";

  DataDescription {
    classes = List.copyOf(classes);
  }

  /** That of a data set and its split. */
  static DataDescription of(Dataset dataset, Split split) {
    Shape image = new Shape(dataset.train().channels(), dataset.train().height(), dataset.train().width());
    return new DataDescription(dataset.classes(), image, Normalization.of(split));
  }

  void write(Path experiment) throws IOException {
    ObjectNode node = Json.object();
    classes.forEach(node.putArray("classes")::add);
    node.putObject("image").put("channels", image.channels()).put("height", image.height()).put("width", image.width());
    put(node.putArray("mean"), normalization.mean());
    put(node.putArray("standardDeviation"), normalization.standardDeviation());
    Files.writeString(experiment.resolve(FILE), Json.pretty(node));
  }

  /**
   * That of an experiment.
   *
   * @throws UserError where its file is missing or damaged
   */
  static DataDescription read(Path experiment) {
    Path file = experiment.resolve(FILE);
    try {
      ObjectNode node = Json.parse(Files.readString(file));
      List<String> classes = new ArrayList<>();
      node.path("classes").forEach(name -> classes.add(name.asText()));
      JsonNode image = node.path("image");
      return new DataDescription(
          classes,
          new Shape(image.path("channels").asInt(), image.path("height").asInt(), image.path("width").asInt()),
          new Normalization(floats(node.path("mean")), floats(node.path("standardDeviation"))));
    } catch (IOException | IllegalArgumentException e) {
      throw UserError.failed("the file " + file + " cannot be read; 'cambrian evolve " + experiment.getFileName()
          + "' writes it again.", e);
    }
  }

  /** Gives an experiment's description to another one; where its file is missing, evolving the other one writes it. */
  static void copy(Path experiment, Path to) throws IOException {
    try {
      Files.copy(experiment.resolve(FILE), to.resolve(FILE));
    } catch (NoSuchFileException none) {
      // It ended before it was written.
    }
  }

  private static void put(ArrayNode array, float[] values) {
    for (float value : values) {
      array.add(value);
    }
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }
}
