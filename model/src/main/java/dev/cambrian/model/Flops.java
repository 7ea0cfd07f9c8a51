package dev.cambrian.model;

import dev.cambrian.model.Network.Node;

/**
 * The arithmetic of a network, counted analytically per operation (Real17, methods: computation cost). One addition or
 * one multiplication is one operation, so a multiply-add is two. Shapes decide; data, padding and hardware do not.
 *
 * <table>
 * <caption>Operations per image</caption>
 * <tr><th>layer</th><th>forward</th><th>backward</th></tr>
 * <tr><td>convolution</td><td>2 * filter size * output pixels</td><td>as much for the filter, as much for the
 * input</td></tr>
 * <tr><td>linear</td><td>2 * weights (the bias takes the place of one addition)</td>
 *     <td>as much for the weights, as much for the input; 1 per bias</td></tr>
 * <tr><td>batch norm</td><td>2 per value with moving averages; 7 with the batch's: mean 1, variance 2, normalising 2,
 *     scale and shift 2</td><td>9 per value: shift 1, scale 2, input 6</td></tr>
 * <tr><td>ReLU</td><td>1 per value</td><td>1 per value</td></tr>
 * <tr><td>add</td><td>1 per value and input after the first</td><td>none</td></tr>
 * <tr><td>global average pool</td><td>1 per input value</td><td>1 per input value</td></tr>
 * <tr><td>resize</td><td>none</td><td>1 per output value</td></tr>
 * <tr><td>fit channels</td><td>none</td><td>none</td></tr>
 * </table>
 *
 * <p>Gradients are not computed for what no variable lies below: the first convolution has none for its input. The loss
 * and the update of the weights, which are thousands of times less, are left out.
 */
public final class Flops {
  private Flops() {}

  /** Of classifying one image. */
  public static double forward(Network network) {
    double sum = 0;
    for (Node node : network.nodes()) {
      sum += forward(network, node, 2);
    }
    return sum;
  }

  /** Of one image's part in a training step: forward and the gradients. */
  public static double training(Network network) {
    boolean[] differentiated = new boolean[network.nodes().size()];
    double sum = 0;
    for (int i = 0; i < differentiated.length; i++) {
      Node node = network.nodes().get(i);
      boolean below = node.inputs().stream().anyMatch(input -> differentiated[input]);
      differentiated[i] = below || node.operation().variables().stream().anyMatch(Variable::trained);
      sum += forward(network, node, 7) + backward(network, node, below, differentiated[i]);
    }
    return sum;
  }

  /**
   * Of an individual (Real17): {@code F_t * N_t + F_v * N_v}.
   *
   * @param steps training batches
   * @param batch images in each
   * @param validationImages images that its fitness is measured on
   */
  public static double ofIndividual(Network network, long steps, int batch, long validationImages) {
    return training(network) * batch * steps + forward(network) * validationImages;
  }

  private static double forward(Network network, Node node, double batchNormPerValue) {
    Operation operation = node.operation();
    double values = node.shape().size();
    if (operation instanceof Operation.Convolution convolution) {
      return convolution(node, convolution);
    }
    if (operation instanceof Operation.Linear linear) {
      return 2.0 * linear.weight().size();
    }
    if (operation instanceof Operation.BatchNorm) {
      return batchNormPerValue * values;
    }
    if (operation instanceof Operation.Relu) {
      return values;
    }
    if (operation instanceof Operation.Add) {
      return (node.inputs().size() - 1) * values;
    }
    if (operation instanceof Operation.GlobalAveragePool) {
      return inputValues(network, node);
    }
    return 0;
  }

  private static double backward(Network network, Node node, boolean below, boolean differentiated) {
    if (!differentiated) {
      return 0;
    }
    Operation operation = node.operation();
    double values = node.shape().size();
    if (operation instanceof Operation.Convolution convolution) {
      return convolution(node, convolution) * (below ? 2 : 1);
    }
    if (operation instanceof Operation.Linear linear) {
      return 2.0 * linear.weight().size() * (below ? 2 : 1) + linear.bias().size();
    }
    if (operation instanceof Operation.BatchNorm) {
      return (below ? 9 : 3) * values;
    }
    if (operation instanceof Operation.Relu || operation instanceof Operation.Resize) {
      return values;
    }
    if (operation instanceof Operation.GlobalAveragePool) {
      return inputValues(network, node);
    }
    return 0;
  }

  private static double convolution(Node node, Operation.Convolution convolution) {
    return 2.0 * convolution.filter().size() * node.shape().height() * node.shape().width();
  }

  private static double inputValues(Network network, Node node) {
    return network.nodes().get(node.inputs().get(0)).shape().size();
  }
}
