package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTextTest {

  @Test
  void line_saysEverythingOnce() {
    assertEquals(
        "1:02:03 evolving: 1,234 individuals (24 alive, 2 training, 1,200 dead, 8 failed), best 91.3 %, mean 74.2 %,"
            + " 122 individuals/min, 18,400 images/s, 3.2e13 FLOPs, 1:29 left",
        new ProgressText(true).line(progress()));
  }

  @Test
  void line_beforeTheFirstIsTrained_hasDashesAndNoEnd() {
    assertEquals(
        "0:01 evolving: 2 individuals (0 alive, 2 training, 0 dead, 0 failed), best -, mean -,"
            + " 0.0 individuals/min, 0 images/s, 0 FLOPs",
        new ProgressText(true).line(beginning()));
  }

  @Test
  void panel_showsBarCurveAndSlots() {
    assertEquals(
        List.of(
            "mine  evolving  1:02:03, 1:29 left",
            "████████████████████████░░░░░░░░░░░░░░░░  60 %",
            "individuals  1,234   alive 24   training 2   dead 1,200   failed 8",
            "fitness      best 91.3 % (#987)   mean 74.2 %   ▁▅█",
            "speed        122 individuals/min   18,400 images/s   3.2e13 FLOPs spent",
            "training     #1233     ██████░░░░░░  step 75 of 150",
            "training     #1234     ░░░░░░░░░░░░  step 0 of 150"),
        new ProgressText(true).panel(progress(), List.of(0.1, 0.5, 0.9)));
  }

  @Test
  void panel_withoutUnicode_isAscii() {
    List<String> lines = new ProgressText(false).panel(progress(), List.of(0.1, 0.5, 0.9));
    assertTrue(lines.stream().allMatch(line -> line.chars().allMatch(c -> c < 128)), lines.toString());
    assertEquals("########################................  60 %", lines.get(1));
  }

  @Test
  void panel_ofManyWorkers_listsEightAndCountsTheRest() {
    List<Progress.Slot> slots =
        java.util.stream.LongStream.range(1, 12).mapToObj(i -> new Progress.Slot(i, 1, 2)).toList();
    Progress many = new Progress("mine", "evolving", 1, 11, 0, 0, 11, 0, OptionalDouble.empty(), OptionalLong.empty(),
        OptionalDouble.empty(), 0, 1, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), slots);
    List<String> lines = new ProgressText(true).panel(many, List.of());
    assertEquals("             and 3 more", lines.get(lines.size() - 1));
    assertEquals(8, lines.stream().filter(line -> line.startsWith("training")).count());
  }

  static Progress progress() {
    return new Progress(
        "mine", "evolving", 4321, 1234, 24, 1200, 2, 8, OptionalDouble.of(0.9125), OptionalLong.of(987),
        OptionalDouble.of(0.742), 3.21e13, 3723, 121.6, 18_400.3, OptionalDouble.of(0.6), OptionalDouble.of(89.2),
        List.of(new Progress.Slot(1233, 75, 150), new Progress.Slot(1234, 0, 150)));
  }

  private static Progress beginning() {
    return new Progress(
        "mine", "evolving", 3, 2, 0, 0, 2, 0, OptionalDouble.empty(), OptionalLong.empty(), OptionalDouble.empty(), 0,
        1, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), List.of());
  }
}
