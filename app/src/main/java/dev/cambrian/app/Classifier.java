package dev.cambrian.app;

import dev.cambrian.model.Network;
import dev.cambrian.model.NetworkJson;
import dev.cambrian.model.Shape;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Engines;
import dev.cambrian.training.Images;
import dev.cambrian.training.SafeTensors;
import dev.cambrian.training.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The best model of an experiment, ready to classify pictures. Owns its engine. */
final class Classifier implements AutoCloseable {
  /** Nothing is trained here; the engine is only asked for predictions. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final DataDescription data;
  private final Network network;
  private final Weights weights;
  private final Engine engine;

  private Classifier(DataDescription data, Network network, Weights weights, Engine engine) {
    this.data = data;
    this.network = network;
    this.weights = weights;
    this.engine = engine;
  }

  /** That of an experiment. */
  static Classifier of(ExperimentView view) throws Exception {
    BestModel best = view.best();
    DataDescription data = DataDescription.read(view.folder());
    try {
      Network network = NetworkJson.read(Files.readString(Path.of(best.network())));
      Weights weights = SafeTensors.read(Files.readAllBytes(Path.of(best.weights())));
      return new Classifier(data, network, weights, Engines.open(view.engine(), Clock.systemUTC(), LONGEST));
    } catch (IllegalStateException e) {
      throw UserError.failed(e.getMessage() + ".", e);
    } catch (IOException | IllegalArgumentException e) {
      throw UserError.failed("the best model of " + best.experiment() + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** The shape of an image as the network takes it. */
  Shape inputShape() {
    return data.image();
  }

  /** The names of the classes, by index. */
  List<String> classes() {
    return data.classes();
  }

  /** The class probabilities of each picture: {@code [picture][class]}. */
  float[][] probabilities(List<Picture> pictures) {
    Shape shape = data.image();
    byte[] pixels = new byte[Math.toIntExact(pictures.size() * shape.size())];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i).pixels(shape), 0, pixels, (int) (i * shape.size()), (int) shape.size());
    }
    Images images = new Images(shape.channels(), shape.height(), shape.width(), pixels, new byte[pictures.size()]);
    return engine.scores(network, weights, data.normalization(), images).probabilities();
  }

  @Override
  public void close() {
    engine.close();
  }
}
