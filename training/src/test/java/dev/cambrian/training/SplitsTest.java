package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Training and validation images: disjoint, together all of them, the same share of every class, by seed. */
class SplitsTest {

  /** Images that carry their own number, so that each can be found again. */
  private static Dataset numbered(int... perClass) {
    int count = 0;
    for (int size : perClass) {
      count += size;
    }
    byte[] pixels = new byte[count * 2];
    byte[] labels = new byte[count];
    int image = 0;
    for (int label = 0; label < perClass.length; label++) {
      for (int i = 0; i < perClass[label]; i++, image++) {
        pixels[2 * image] = (byte) (image >> 8);
        pixels[2 * image + 1] = (byte) image;
        labels[image] = (byte) label;
      }
    }
    Images all = new Images(1, 1, 2, pixels, labels);
    return Dataset.of("numbered", List.of("a", "b", "c").subList(0, perClass.length), all, all.select(new int[] {0}));
  }

  private static Set<Integer> numbers(Images images) {
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < images.count(); i++) {
      numbers.add((images.pixels()[2 * i] & 0xff) << 8 | images.pixels()[2 * i + 1] & 0xff);
    }
    return numbers;
  }

  @Property(tries = 200)
  void everyImageIsInExactlyOnePart(
      @ForAll @Size(min = 2, max = 3) List<@IntRange(min = 2, max = 60) Integer> sizes, @ForAll long seed)
      throws BadData {
    Dataset data = numbered(sizes.stream().mapToInt(Integer::intValue).toArray());
    Split split = Splits.of(data, 0.2, seed);
    Set<Integer> training = numbers(split.training());
    Set<Integer> validation = numbers(split.validation());
    assertEquals(split.training().count(), training.size());
    assertEquals(split.validation().count(), validation.size());
    Set<Integer> both = new HashSet<>(training);
    both.addAll(validation);
    assertEquals(data.train().count(), both.size());
    assertEquals(data.train().count(), training.size() + validation.size());
  }

  @Test
  void classesAreSplitInOneProportion() throws BadData {
    Split split = Splits.of(numbered(1000, 500, 100), 0.1, 7);
    int[] held = new int[3];
    for (int i = 0; i < split.validation().count(); i++) {
      held[split.validation().label(i)]++;
    }
    assertEquals(100, held[0]);
    assertEquals(50, held[1]);
    assertEquals(10, held[2]);
  }

  @Test
  void theSeedDecides() throws BadData {
    Dataset data = numbered(300, 300);
    assertEquals(Splits.of(data, 0.1, 1).validation(), Splits.of(data, 0.1, 1).validation());
    assertNotEquals(Splits.of(data, 0.1, 1).validation(), Splits.of(data, 0.1, 2).validation());
  }

  @Test
  void everyImageIsHeldOutEquallyOften() throws BadData {
    Dataset data = numbered(40, 40);
    int[] held = new int[80];
    int repeats = 4000;
    for (int seed = 0; seed < repeats; seed++) {
      numbers(Splits.of(data, 0.25, seed).validation()).forEach(number -> held[number]++);
    }
    double expected = repeats * 0.25;
    double chiSquare = 0;
    for (int count : held) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // 78 degrees of freedom at most: 0.9999 quantile.
    assertTrue(chiSquare < 131, "chi-square " + chiSquare);
  }

  @Test
  void tooFewImages_areRefusedWithTheClass() {
    BadData refused = assertThrows(BadData.class, () -> Splits.of(numbered(10, 1), 0.1, 0));
    assertTrue(refused.getMessage().contains("'b'"), refused.getMessage());
  }

  @Test
  void meanAndDeviationAreOfTheTrainingPixels() throws BadData {
    Split split = Splits.of(numbered(50, 50), 0.1, 3);
    double sum = 0;
    double squares = 0;
    for (byte pixel : split.training().pixels()) {
      sum += (pixel & 0xff) / 255.0;
      squares += Math.pow((pixel & 0xff) / 255.0, 2);
    }
    int count = split.training().pixels().length;
    assertEquals(sum / count, split.mean()[0], 1e-6);
    assertEquals(Math.sqrt(squares / count - Math.pow(sum / count, 2)), split.standardDeviation()[0], 1e-6);
  }
}
