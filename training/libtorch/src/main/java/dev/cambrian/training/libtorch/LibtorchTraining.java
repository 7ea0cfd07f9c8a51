package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import dev.cambrian.model.Network;
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
  private final GpuImages gpuImages;
  private final TrainingLog log;

  LibtorchTraining(Network network, TrainingPlan plan, Split data, GpuImages gpuImages, TrainingLog log) {
    this.network = network;
    this.plan = plan;
    this.data = data;
    this.gpuImages = gpuImages;
    this.log = log;
  }

  TrainingResult run(Weights starting) throws TrainingFailed, InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      LibtorchVariables variables = LibtorchVariables.trained(network, starting, new LibtorchDevice(plan.device()));
      train(variables);
      Weights weights = variables.toHeap();
      TrainingLog.requireFinite(weights);
      double accuracy = LibtorchPrediction
          .scores(network, variables, plan.precision(), Normalization.of(data), data.validation(), gpuImages)
          .accuracy(data.validation());
      return new TrainingResult(accuracy, weights, log.curve(), log.took());
    }
  }

  private void train(LibtorchVariables variables) throws TrainingFailed, InterruptedException {
    LibtorchNetwork forward = new LibtorchNetwork(network, variables, true, plan.precision());
    Scalar momentum = new Scalar(plan.momentum());
    Scalar weightDecay = new Scalar(plan.weightDecay());
    Scalar minusLearningRate = new Scalar(-plan.learningRate());
    ClassScores scores =
        new ClassScores(network.classes(), new float[Math.multiplyExact(plan.batch(), network.classes())]);
    try (LibtorchBatches batches = LibtorchBatches.shuffled(data, plan, gpuImages, variables.device())) {
      for (long step = 1; step <= plan.steps(); step++) {
        batches.next();
        float loss;
        try (PointerScope scope = new PointerScope()) {
          Tensor logits = forward.scores(batches.images());
          Tensor mean = cross_entropy_loss(logits, batches.labels());
          variables.decay(momentum, weightDecay);
          mean.backward();
          variables.move(minusLearningRate);
          loss = mean.item_float();
          logits.cpu().data_ptr_float().get(scores.values());
        }
        log.done(step, loss, scores, batches::label, batches.count());
      }
    }
  }
}
