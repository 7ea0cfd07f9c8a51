package dev.cambrian.training;

import static org.bytedeco.pytorch.global.torch.addcmul;
import static org.bytedeco.pytorch.global.torch.batch_norm;

import dev.cambrian.model.Operation.BatchNorm;
import dev.cambrian.model.Shape;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * Batch normalisation of one node, in the way that is fastest for its channels. Holds native memory of the {@code
 * PointerScope} that it is made in.
 *
 * <p>libtorch's own kernel walks channels-last memory pixel by pixel in vectors of eight channels, and handles what is
 * left over so slowly (about 180 ns a pixel, forward and backward) that a layer of 3 channels costs ten times its
 * convolution. Evolution breeds just such widths. So, in single precision, where channels do not fill vectors and are
 * not so many that the rest hardly counts, the same is computed from operations over whole images, for which
 * per-channel values are spread out to the size of an image first.
 */
final class LibtorchBatchNorm {
  private static final int VECTOR = 8;
  /** From here on the kernel's rest costs less than additional passes over memory. */
  private static final int MANY_CHANNELS = 48;

  private final BatchNorm norm;
  private final Shape shape;
  private final Tensor scale;
  private final Tensor shift;
  private final Tensor mean;
  private final Tensor variance;
  private final TensorOptional optionalScale;
  private final TensorOptional optionalShift;
  private final TensorOptional optionalMean;
  private final TensorOptional optionalVariance;
  private final Scalar epsilon;
  private final Scalar decay;
  private final Scalar two = new Scalar(2);
  private final Scalar zero = new Scalar(0);

  LibtorchBatchNorm(BatchNorm norm, Shape shape, LibtorchVariables variables) {
    this.norm = norm;
    this.shape = shape;
    scale = variables.get(norm.scale());
    shift = variables.get(norm.shift());
    mean = variables.get(norm.mean());
    variance = variables.get(norm.variance());
    optionalScale = new TensorOptional(scale);
    optionalShift = new TensorOptional(shift);
    optionalMean = new TensorOptional(mean);
    optionalVariance = new TensorOptional(variance);
    epsilon = new Scalar(norm.epsilon());
    decay = new Scalar(norm.decay());
  }

  /** Normalised by the batch's own statistics; moves the averages. */
  Tensor training(Tensor input, boolean halved) {
    int channels = shape.channels();
    return halved || channels % VECTOR == 0 || channels >= MANY_CHANNELS
        ? kernel(input, true)
        : composed(input);
  }

  /** Normalised by the averages. */
  Tensor predicting(Tensor input) {
    return kernel(input, false);
  }

  /** What predicting multiplies each channel by. */
  Tensor factor() {
    return variance.add(epsilon).rsqrt().mul(scale);
  }

  /** What predicting then adds to each channel. */
  Tensor offset() {
    return shift.sub(mean.mul(factor()));
  }

  private Tensor kernel(Tensor input, boolean training) {
    return batch_norm(input, optionalScale, optionalShift, optionalMean, optionalVariance, training,
        1 - norm.decay(), norm.epsilon(), false);
  }

  private Tensor composed(Tensor input) {
    long count = input.size(0) * shape.height() * shape.width();
    Scalar share = new Scalar(1.0 / count);
    // The averages are near the batch's means, so that squares do not cancel.
    Tensor x = input.sub(overImage(mean));
    Tensor batchMean = perChannel(x).mul(share);
    // x * x with a gradient through one factor only, doubled afterwards: a pass less than through both.
    Tensor half = perChannel(x.mul(x.detach())).mul(share);
    Tensor meanSquare = half.mul(two).sub(half.detach());
    Tensor batchVariance = meanSquare.sub(batchMean.mul(batchMean)).clamp_min(zero);
    Tensor factor = batchVariance.add(epsilon).rsqrt().mul(scale);
    Tensor offset = shift.sub(batchMean.mul(factor));
    Tensor output = addcmul(overImage(offset), x, overImage(factor));
    moveAverages(batchMean.detach(), batchVariance.detach(), count);
    return output;
  }

  private void moveAverages(Tensor batchMean, Tensor batchVariance, long count) {
    // The batch's mean is relative to the average.
    mean.add_(batchMean, new Scalar(1 - norm.decay()));
    variance.mul_(decay).add_(batchVariance, new Scalar((1 - norm.decay()) * count / Math.max(1, count - 1)));
  }

  private Tensor overImage(Tensor perChannel) {
    return perChannel.expand(shape.height(), shape.width(), shape.channels()).contiguous().permute(2, 0, 1);
  }

  private static Tensor perChannel(Tensor images) {
    return images.sum(0).sum(1, 2);
  }
}
