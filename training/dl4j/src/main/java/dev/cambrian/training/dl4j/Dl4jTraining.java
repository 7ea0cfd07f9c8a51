package dev.cambrian.training.dl4j;

import dev.cambrian.model.Network;
import dev.cambrian.training.Augmentation;
import dev.cambrian.training.BatchSource;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import dev.cambrian.training.TrainingFailed;
import dev.cambrian.training.TrainingLog;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Training and predicting with one graph, on the calling thread. */
final class Dl4jTraining {
  /** Large enough that calls do not count, small enough that activations of a wide layer stay in tens of megabytes. */
  private static final int PREDICTED_AT_ONCE = 250;

  private final Network network;
  private final NetworkGraph graph;

  Dl4jTraining(Network network, NetworkGraph graph) {
    this.network = network;
    this.graph = graph;
  }

  /** Trains from these weights, and validates. */
  TrainingResult run(Weights starting, TrainingPlan plan, Split data, TrainingLog log)
      throws TrainingFailed, InterruptedException {
    graph.load(starting);
    train(plan, data, log);
    Weights weights = graph.toHeap(starting);
    TrainingLog.requireFinite(weights);
    double accuracy = scores(Normalization.of(data), data.validation()).accuracy(data.validation());
    return new TrainingResult(accuracy, weights, log.curve(), log.took());
  }

  private void train(TrainingPlan plan, Split data, TrainingLog log) throws TrainingFailed, InterruptedException {
    Augmentation augmentation = plan.augmented() ? Augmentation.REAL17 : Augmentation.NONE;
    BatchSource source = BatchSource.shuffled(data, plan.batch(), augmentation, plan.seed());
    ClassScores scores =
        new ClassScores(network.classes(), new float[Math.multiplyExact(plan.batch(), network.classes())]);
    try (ImageBatch batch = new ImageBatch(source, network.inputShape());
        INDArray gradient = Nd4j.create(DataType.FLOAT, plan.batch(), 1, 1, network.classes());
        PlainMomentum optimizer = new PlainMomentum(graph, plan)) {
      SoftmaxLoss loss = new SoftmaxLoss(scores, batch.labels(), gradient);
      for (long step = 1; step <= plan.steps(); step++) {
        batch.next();
        graph.backpropagate(batch.images(), loss);
        optimizer.step();
        log.done(step, loss.loss(), scores, i -> (int) batch.labels().get(i), batch.count());
      }
    }
  }

  /** The scores of all images, in order, by these weights. */
  ClassScores scores(Weights weights, Normalization normalization, Images images) throws InterruptedException {
    graph.load(weights);
    return scores(normalization, images);
  }

  /**
   * The scores of all images, in order, by the weights as they are.
   *
   * @throws InterruptedException where the thread was interrupted; within one batch
   */
  private ClassScores scores(Normalization normalization, Images images) throws InterruptedException {
    int classes = network.classes();
    float[] all = new float[Math.multiplyExact(images.count(), classes)];
    int size = Math.min(PREDICTED_AT_ONCE, Math.max(1, images.count()));
    BatchSource source = BatchSource.inOrder(images, normalization, size);
    float[] some = new float[size * classes];
    try (ImageBatch batch = new ImageBatch(source, network.inputShape())) {
      for (int done = 0; batch.next(); done += batch.count()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("prediction was interrupted at image " + done + " of " + images.count());
        }
        try (INDArray scores = graph.scores(batch.images())) {
          HostValues.read(scores, some, batch.count() * classes);
        }
        System.arraycopy(some, 0, all, done * classes, batch.count() * classes);
      }
    }
    return new ClassScores(classes, all);
  }
}
