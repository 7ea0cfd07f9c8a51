package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cambrian predict}: classifies images with the best model of an experiment. */
@Command(
    name = "predict",
    header = "Classifies images with the best model of an experiment.",
    description = {
      "",
      "Images of another size are scaled to the network's. With --json, for each image: image, class, probability,"
          + " probabilities (by class).",
      ""
    })
final class PredictCommand implements Callable<Integer> {
  private static final int SHOWN = 3;

  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Image files: PNG, JPEG, GIF or BMP.")
  List<String> images;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    Session session = common.session();
    ExperimentView view = common.experiments().view(name);
    try (Classifier classifier = Classifier.of(view)) {
      List<Picture> pictures = new ArrayList<>();
      for (String image : images) {
        Picture picture = Picture.read(Path.of(image));
        if (!picture.fits(classifier.inputShape())) {
          session.err().println("cambrian: note: " + image + " is " + picture.size()
              + " and is scaled to the network's " + classifier.inputShape().width() + "x"
              + classifier.inputShape().height() + ".");
        }
        pictures.add(picture);
      }
      float[][] probabilities = classifier.probabilities(pictures);
      for (int i = 0; i < probabilities.length; i++) {
        session.out().println(common.json()
            ? Json.line(json(images.get(i), classifier.classes(), probabilities[i]))
            : text(images.get(i), classifier.classes(), probabilities[i]));
      }
    }
    return 0;
  }

  private static ObjectNode json(String image, List<String> classes, float[] probabilities) {
    int first = ranked(probabilities).get(0);
    ObjectNode node = Json.object();
    node.put("image", image);
    node.put("class", classes.get(first));
    node.put("probability", probabilities[first]);
    ObjectNode all = node.putObject("probabilities");
    for (int c = 0; c < probabilities.length; c++) {
      all.put(classes.get(c), probabilities[c]);
    }
    return node;
  }

  private static String text(String image, List<String> classes, float[] probabilities) {
    List<String> shown = new ArrayList<>();
    for (int c : ranked(probabilities).subList(0, Math.min(SHOWN, probabilities.length))) {
      shown.add(String.format(Locale.ROOT, "%s %.1f %%", classes.get(c), 100 * probabilities[c]));
    }
    return image + ": " + String.join(", ", shown);
  }

  /** The classes, the most probable first. */
  private static List<Integer> ranked(float[] probabilities) {
    List<Integer> classes = new ArrayList<>();
    for (int c = 0; c < probabilities.length; c++) {
      classes.add(c);
    }
    classes.sort((a, b) -> Float.compare(probabilities[b], probabilities[a]));
    return classes;
  }
}
