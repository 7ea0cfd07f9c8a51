package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The generated set: the same bytes everywhere, balanced, and not to be told apart by colour. */
class ShapesTest {

  @Test
  void sameSeed_sameBytesOnEveryMachine() {
    assertEquals(
        "6743de12f5e84a9e3f614cc0306d3525581009383fbe30fde0bbca14bb269028", new Shapes(0).generate().checksum());
  }

  @Test
  void classesAreBalanced() {
    Dataset data = new Shapes(1000, 500, 1).generate();
    int[] counts = new int[10];
    for (int i = 0; i < data.train().count(); i++) {
      counts[data.train().label(i)]++;
    }
    for (int count : counts) {
      assertEquals(100, count);
    }
  }

  /** The initial individual of Real17 is a softmax on the channel means: here it must stay under 20 %. */
  @Test
  void channelMeans_tellLittle() {
    Dataset data = new Shapes(7).generate();
    double[][] train = means(data.train());
    double[][] test = means(data.test());
    double[][] weights = new double[10][4];
    for (int step = 0; step < 3000; step++) {
      double[][] gradient = new double[10][4];
      for (int i = step % 7; i < train.length; i += 7) {
        double[] share = softmax(weights, train[i]);
        for (int c = 0; c < 10; c++) {
          double error = share[c] - (c == data.train().label(i) ? 1 : 0);
          for (int k = 0; k < 4; k++) {
            gradient[c][k] += error * train[i][k];
          }
        }
      }
      for (int c = 0; c < 10; c++) {
        for (int k = 0; k < 4; k++) {
          weights[c][k] -= 3.0 * gradient[c][k] * 7 / train.length;
        }
      }
    }
    int right = 0;
    for (int i = 0; i < test.length; i++) {
      double[] share = softmax(weights, test[i]);
      int best = 0;
      for (int c = 1; c < 10; c++) {
        best = share[c] > share[best] ? c : best;
      }
      right += best == data.test().label(i) ? 1 : 0;
    }
    double accuracy = (double) right / test.length;
    assertTrue(accuracy < 0.20, "a softmax on the channel means reaches " + accuracy);
    assertTrue(accuracy > 0.08, "the regression did not work: " + accuracy);
  }

  @Test
  void mirrored_classesStayWhatTheyAre() {
    // A class whose mirror image were another class would have edges that lean to one side on average.
    Images images = new Shapes(20_000, 10, 5).generate().train();
    for (int label = 0; label < 10; label++) {
      double leaning = 0;
      double edges = 0;
      for (int i = label; i < images.count(); i += 10) {
        for (int y = 0; y < Shapes.SIDE - 1; y++) {
          for (int x = 0; x < Shapes.SIDE - 1; x++) {
            double falling = Math.abs(brightness(images, i, y, x) - brightness(images, i, y + 1, x + 1));
            double rising = Math.abs(brightness(images, i, y + 1, x) - brightness(images, i, y, x + 1));
            leaning += falling - rising;
            edges += falling + rising;
          }
        }
      }
      assertEquals(0, leaning / edges, 0.08, "class " + label);
    }
  }

  private static int brightness(Images images, int image, int y, int x) {
    int at = image * images.imageSize() + (y * images.width() + x) * 3;
    return (images.pixels()[at] & 0xff) + (images.pixels()[at + 1] & 0xff) + (images.pixels()[at + 2] & 0xff);
  }

  private static double[][] means(Images images) {
    double[][] means = new double[images.count()][4];
    int size = images.imageSize();
    for (int i = 0; i < means.length; i++) {
      for (int k = 0; k < size; k++) {
        means[i][k % 3] += (images.pixels()[i * size + k] & 0xff) / 255.0;
      }
      for (int c = 0; c < 3; c++) {
        means[i][c] = (means[i][c] / (size / 3.0) - 0.5) / 0.2;
      }
      means[i][3] = 1;
    }
    return means;
  }

  private static double[] softmax(double[][] weights, double[] input) {
    double[] share = new double[weights.length];
    double sum = 0;
    for (int c = 0; c < share.length; c++) {
      double score = 0;
      for (int k = 0; k < input.length; k++) {
        score += weights[c][k] * input[k];
      }
      share[c] = Math.exp(score);
      sum += share[c];
    }
    for (int c = 0; c < share.length; c++) {
      share[c] /= sum;
    }
    return share;
  }
}
