package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.addcmul;
import static org.bytedeco.pytorch.global.torch.batch_norm;

import dev.cambrian.model.Operation.BatchNorm;
import dev.cambrian.model.Shape;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Batch normalisation of one node, in the way that is fastest for its channels. Holds native memory of the {@code
 * PointerScope} that it is made in.
 *
 * <p>libtorch's own kernel walks channels-last memory pixel by pixel in vectors of eight channels, and handles what is
 * left over so slowly (about 180 ns a pixel, forward and backward) that a layer of 3 channels costs ten times its
 * convolution. Evolution breeds just such widths. The kernel for whole planes of one channel has no such rest, so, in
 * single precision on the processor, where channels do not fill vectors, images are brought into planes and back. From
 * some width on that costs more than the rest does.
 */
final class LibtorchBatchNorm {
  private static final int VECTOR = 8;
  private static final int MANY_CHANNELS = 28;

  private final BatchNorm norm;
  private final Shape shape;
  private final boolean gpu;
  private final Tensor scale;
  private final Tensor shift;
  private final Tensor mean;
  private final Tensor variance;
  private final TensorOptional optionalScale;
  private final TensorOptional optionalShift;
  private final TensorOptional optionalMean;
  private final TensorOptional optionalVariance;
  private final Scalar epsilon;

  LibtorchBatchNorm(BatchNorm norm, Shape shape, LibtorchVariables variables) {
    this.norm = norm;
    this.shape = shape;
    gpu = variables.device().gpu();
    scale = variables.get(norm.scale());
    shift = variables.get(norm.shift());
    mean = variables.get(norm.mean());
    variance = variables.get(norm.variance());
    optionalScale = new TensorOptional(scale);
    optionalShift = new TensorOptional(shift);
    optionalMean = new TensorOptional(mean);
    optionalVariance = new TensorOptional(variance);
    epsilon = new Scalar(norm.epsilon());
  }

  /** Normalised by the batch's own statistics; moves the averages. */
  Tensor training(Tensor input, boolean halved) {
    int channels = shape.channels();
    return gpu || halved || channels % VECTOR == 0 || channels >= MANY_CHANNELS
        ? kernel(input, true)
        : inPlanes(input);
  }

  /** Normalised by the averages as they are now, which a prediction does not move. */
  Prediction predicting(boolean halved) {
    if (halved) {
      return input -> kernel(input, false);
    }
    // Spread out to the size of an image: broadcasting a few channels alone would be a loop of their length.
    Tensor factor = overImage(factor());
    Tensor offset = overImage(offset());
    return input -> addcmul(offset, input, factor);
  }

  /** Batch normalisation as a call. */
  interface Prediction {
    Tensor of(Tensor input);
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

  private Tensor inPlanes(Tensor input) {
    long[] rows = {input.size(0), shape.height(), shape.width(), shape.channels()};
    long[] planes = {input.size(0), shape.channels(), shape.height(), shape.width()};
    // Flattening changes no value, but makes the gradient come back in the layout of the side that it returns to;
    // without it the kernels behind this one would read it across its rows.
    Tensor flat = input.permute(0, 2, 3, 1).reshape(rows[0], -1);
    Tensor normalised = kernel(flat.reshape(rows).permute(0, 3, 1, 2).contiguous(), true);
    return normalised.reshape(planes[0], -1).reshape(planes).contiguous(MemoryFormat.ChannelsLast);
  }

  private Tensor overImage(Tensor perChannel) {
    return perChannel.expand(shape.height(), shape.width(), shape.channels()).contiguous().permute(2, 0, 1);
  }
}
