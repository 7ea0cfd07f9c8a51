package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import dev.cambrian.model.Network;
import dev.cambrian.training.Augmentation;
import dev.cambrian.training.BatchSource;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import dev.cambrian.training.TrainingFailed;
import dev.cambrian.training.TrainingLog;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** One training on the calling thread: the steps, and the validation at the end. */
final class LibtorchTraining {
  private final Network network;
  private final TrainingPlan plan;
  private final Split data;
  private final TrainingLog log;

  LibtorchTraining(Network network, TrainingPlan plan, Split data, TrainingLog log) {
    this.network = network;
    this.plan = plan;
    this.data = data;
    this.log = log;
  }

  TrainingResult run(Weights starting) throws TrainingFailed, InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      LibtorchVariables variables = LibtorchVariables.trained(network, starting, new LibtorchDevice(plan.device()));
      train(variables);
      Weights weights = variables.toHeap();
      TrainingLog.requireFinite(weights);
      double accuracy = LibtorchPrediction
          .scores(network, variables, plan.precision(), Normalization.of(data), data.validation())
          .accuracy(data.validation());
      return new TrainingResult(accuracy, weights, log.curve(), log.took());
    }
  }

  private void train(LibtorchVariables variables) throws TrainingFailed, InterruptedException {
    Augmentation augmentation = plan.augmented() ? Augmentation.REAL17 : Augmentation.NONE;
    BatchSource source = BatchSource.shuffled(data, plan.batch(), augmentation, plan.seed());
    LibtorchBatch batch = new LibtorchBatch(source, network.inputShape(), variables.device());
    LibtorchNetwork forward = new LibtorchNetwork(network, variables, true, plan.precision());
    Scalar momentum = new Scalar(plan.momentum());
    Scalar weightDecay = new Scalar(plan.weightDecay());
    Scalar minusLearningRate = new Scalar(-plan.learningRate());
    ClassScores scores =
        new ClassScores(network.classes(), new float[Math.multiplyExact(plan.batch(), network.classes())]);
    for (long step = 1; step <= plan.steps(); step++) {
      batch.next();
      float loss;
      try (PointerScope scope = new PointerScope()) {
        Tensor logits = forward.scores(batch.images());
        Tensor mean = cross_entropy_loss(logits, batch.labels());
        variables.decay(momentum, weightDecay);
        mean.backward();
        variables.move(minusLearningRate);
        loss = mean.item_float();
        logits.cpu().data_ptr_float().get(scores.values());
      }
      log.done(step, loss, scores, batch::label, batch.count());
    }
  }
}
