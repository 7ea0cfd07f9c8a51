package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One real journal, damaged in every way that comes to mind: it either still holds everything, or is called lost. */
class JournalDamageTest {
  private static final Instant NOW = Instant.parse("2018-02-05T00:00:00Z");

  @TempDir static Path directory;
  private static JournalImage image;
  private static int losses;

  @BeforeAll
  static void write() throws IOException {
    image = JournalImage.ofThreeSittings(directory.resolve("written"));
    assertEquals(2, image.journalFiles("\\.sst").size());
    assertEquals(1, image.journalFiles("\\.log").size());
  }

  @Test
  void crashImage_isSound() throws IOException {
    assertEquals(image.spine(), assertInstanceOf(JournalVerdict.Sound.class, honest(image)).spine());
  }

  @Test
  void log_anyBytesFlippedInItsRecords_isLost() throws IOException {
    flipInLog(24, 1);
  }

  @Tag("long")
  @Test
  void log_manyBytesFlippedInItsRecords_isLost() throws IOException {
    flipInLog(1000, 11);
  }

  private static void flipInLog(int trials, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    String log = image.journalFiles("\\.log").get(0);
    int written = JournalImage.written(image.file(log));
    for (int trial = 0; trial < trials; trial++) {
      byte[] content = image.file(log).clone();
      flip(content, random.nextInt(written), trial % 2 == 0 ? 1 : 16, random);
      JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(log, content)));
      assertTrue(lost.sentence().contains(log.substring(8) + " is damaged at byte"), lost.sentence());
    }
  }

  @Test
  void log_bytesFlippedAfterItsRecords_loseNothing() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    String log = image.journalFiles("\\.log").get(0);
    int written = JournalImage.written(image.file(log));
    for (int trial = 0; trial < 6; trial++) {
      byte[] content = image.file(log).clone();
      flip(content, written + random.nextInt(content.length - written), 16, random);
      assertEquals(image.spine(),
          assertInstanceOf(JournalVerdict.TornTail.class, honest(image.with(log, content))).spine());
    }
  }

  @Test
  void log_cutAnywhereInItsRecords_isLost() throws IOException {
    cutLog(10, 3);
  }

  @Tag("long")
  @Test
  void log_cutAtManyPlacesInItsRecords_isLost() throws IOException {
    cutLog(500, 13);
  }

  private static void cutLog(int trials, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    String log = image.journalFiles("\\.log").get(0);
    int written = JournalImage.written(image.file(log));
    for (int trial = 0; trial < trials; trial++) {
      int length = trial == 0 ? 0 : trial == 1 ? written - 1 : random.nextInt(written);
      JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class,
          honest(image.with(log, Arrays.copyOf(image.file(log), length))));
      assertTrue(lost.sentence().contains("to " + image.spine().sequence() + " of the population"), lost.sentence());
    }
  }

  @Test
  void log_pageOfZerosInTheMiddle_isLost() throws IOException {
    String log = image.journalFiles("\\.log").get(0);
    for (int page = 0; (page + 2) * 4096 < JournalImage.written(image.file(log)); page += 5) {
      byte[] content = image.file(log).clone();
      Arrays.fill(content, page * 4096, (page + 1) * 4096, (byte) 0);
      assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(log, content)));
    }
  }

  @Test
  void log_blockTakenOutOrRepeated_isLost_thoughEveryChecksumHolds() throws IOException {
    int block = 1 << 15;
    String log = image.journalFiles("\\.log").get(0);
    byte[] content = image.file(log);
    for (int at = block; at + 2 * block < JournalImage.written(content); at += block) {
      byte[] without = new byte[content.length - block];
      System.arraycopy(content, 0, without, 0, at);
      System.arraycopy(content, at + block, without, at, content.length - at - block);
      assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(log, without)), "block at " + at);
      byte[] repeated = content.clone();
      System.arraycopy(content, at, repeated, at + block, block);
      assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(log, repeated)), "block at " + at);
    }
  }

  @Test
  void log_lastRecordOfABiographyTakenOut_isLost_thoughEveryChainHolds() throws IOException {
    String log = image.journalFiles("\\.log").get(0);
    List<byte[]> writes = new ArrayList<>();
    LevelDbLog.read(image.file(log), writes::add);
    assertInstanceOf(JournalVerdict.Sound.class, honest(image.with(log, logOf(writes))));
    int taken = 0;
    for (int i = 10; i < writes.size() - 1 && taken < 5; i++) {
      if (new String(writes.get(i), StandardCharsets.ISO_8859_1).contains("killedav")) {
        List<byte[]> others = new ArrayList<>(writes);
        others.remove(i);
        JournalVerdict.Lost lost =
            assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(log, logOf(others))));
        assertTrue(lost.place().contains("lacks records"), lost.place());
        taken++;
      }
    }
    assertEquals(5, taken);
  }

  /** LevelDB's log of these records, each in fragments with their checksums. */
  private static byte[] logOf(List<byte[]> records) {
    ByteBuffer log = ByteBuffer.allocate(1 << 24).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] record : records) {
      int at = 0;
      do {
        int left = (1 << 15) - log.position() % (1 << 15);
        if (left < 7) {
          log.position(log.position() + left);
          left = 1 << 15;
        }
        int length = Math.min(record.length - at, left - 7);
        boolean last = at + length == record.length;
        byte type = (byte) (at == 0 ? last ? 1 : 2 : last ? 4 : 3);
        CRC32C crc = new CRC32C();
        crc.update(type);
        crc.update(record, at, length);
        log.putInt(Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8);
        log.putShort((short) length).put(type).put(record, at, length);
        at += length;
      } while (at < record.length);
    }
    return Arrays.copyOf(log.array(), log.position());
  }

  @Test
  void tables_anyBytesFlipped_areLostOrHarmless() throws IOException {
    flipInTables(24, 4);
  }

  @Tag("long")
  @Test
  void tables_manyBytesFlipped_areLostOrHarmless() throws IOException {
    flipInTables(1000, 14);
  }

  private static void flipInTables(int trials, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int lost = 0;
    for (int trial = 0; trial < trials; trial++) {
      String table = image.journalFiles("\\.sst").get(trial % 2);
      byte[] content = image.file(table).clone();
      flip(content, random.nextInt(content.length), trial % 4 < 2 ? 1 : 16, random);
      lost += honest(image.with(table, content)) instanceof JournalVerdict.Lost ? 1 : 0;
    }
    assertTrue(lost > 0.9 * trials, lost + " of " + trials);
  }

  @Test
  void tables_cut_areLost() throws IOException {
    for (String table : image.journalFiles("\\.sst")) {
      for (int cut = 1; cut < image.file(table).length; cut += image.file(table).length / 2) {
        byte[] content = Arrays.copyOf(image.file(table), image.file(table).length - cut);
        JournalVerdict.Lost lost =
            assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(table, content)));
        assertTrue(lost.place().contains(table.substring(8)), lost.place());
      }
    }
  }

  @Test
  void manifestAndCurrent_flippedOrCut_areLost() throws IOException {
    damageStructure(11, 5);
  }

  @Tag("long")
  @Test
  void manifestAndCurrent_flippedOrCutAtAnyByte_areLost() throws IOException {
    damageStructure(1, 15);
  }

  private static void damageStructure(int step, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (String file : image.journalFiles("(MANIFEST-\\d+|CURRENT)")) {
      int written = JournalImage.written(image.file(file));
      for (int at = 0; at < written; at += step) {
        byte[] content = image.file(file).clone();
        flip(content, at, 1, random);
        assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(file, content)), file + " " + at);
        assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(file, Arrays.copyOf(content, at))));
      }
    }
  }

  @Test
  void anyFileMissing_isLostAndNamed() throws IOException {
    for (String file : image.journalFiles("(\\.log|\\.sst|CURRENT|MANIFEST-\\d+)")) {
      JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, honest(image.with(file, null)));
      assertTrue(lost.place().contains(file.substring(8)) && lost.place().contains("missing"), lost.place());
    }
  }

  @Test
  void missingCurrent_losesNothingThatCannotBeReadAgain() throws IOException {
    ExperimentHome home = image.with("journal/CURRENT", null).restore(directory.resolve("trial"));
    JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, JournalCheck.check(home));
    assertEquals(image.spine(), lost.spine());
    assertTrue(lost.individuals().isEmpty());
    JournalRepair.truncate(home, NOW);
    Oracle.assertHolds(home, image.acknowledged());
  }

  @Test
  void journalMissing_isAllLost() throws IOException {
    JournalImage without = image;
    for (String file : image.journalFiles("")) {
      without = without.with(file, null);
    }
    JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, honest(without));
    assertEquals(StreamHead.EMPTY, lost.spine());
    assertTrue(lost.sentence().contains("events 1 to " + image.spine().sequence()), lost.sentence());
  }

  @Test
  void headFileMissingOrDamaged_isLost_butNoEventIs() throws IOException {
    for (byte[] content : new byte[][] {null, new byte[8192], {}}) {
      JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, honest(image.with("head", content)));
      assertEquals(image.spine(), lost.spine());
      assertTrue(lost.sentence().contains("head"), lost.sentence());
    }
  }

  @Test
  void journalOfAnotherExperiment_isLost() throws IOException {
    ExperimentHome home = image.restore(directory.resolve("trial"));
    HeadFile.create(home.head(), new StreamHead(image.spine().sequence() - 3, "12".repeat(32)));
    JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, JournalCheck.check(home));
    assertTrue(lost.place().contains("not the one"), lost.place());
  }

  @Test
  void journalAheadOfTheHeadFile_isSound() throws IOException {
    ExperimentHome home = image.restore(directory.resolve("trial"));
    try (JournalReader reader = LevelDbReader.open(home)) {
      StreamHead[] earlier = {StreamHead.EMPTY};
      reader.spine((link, event) -> earlier[0] = link.sequence() == image.spine().sequence() - 5
          ? link.head() : earlier[0]);
      HeadFile.create(home.head(), earlier[0]);
    }
    JournalVerdict.Sound sound = assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
    assertEquals(image.spine(), sound.spine());
  }

  @Test
  void reader_refusesWhatIsLost() throws IOException {
    String log = image.journalFiles("\\.log").get(0);
    ExperimentHome home = image.with(log, new byte[0]).restore(directory.resolve("trial"));
    String message = assertThrows(UnusableHome.class, () -> LevelDbReader.open(home)).getMessage();
    assertTrue(message.contains("does not reach event " + image.spine().sequence()), message);
    ExperimentHome torn = image.with("journal/CURRENT", null).restore(directory.resolve("trial"));
    assertThrows(UnusableHome.class, () -> LevelDbReader.open(torn));
  }

  /** The verdict on an image; held against the journal as Akka reads it, and every eighth lost one repaired. */
  private static JournalVerdict honest(JournalImage damaged) throws IOException {
    ExperimentHome home = damaged.restore(directory.resolve("trial"));
    JournalVerdict verdict = JournalCheck.check(home);
    JournalImage after = JournalImage.of(home, image.acknowledged());
    assertEquals(damaged.files().keySet(), after.files().keySet(), "the check changed files");
    damaged.files().forEach((name, content) -> assertTrue(Arrays.equals(content, after.file(name)), name));
    if (verdict instanceof JournalVerdict.Lost lost) {
      assertTrue(lost.sentence().contains("--accept-loss"), lost.sentence());
      if (++losses % 8 != 1) {
        return verdict;
      }
      JournalRepair.Repaired repaired = JournalRepair.truncate(home, NOW);
      JournalVerdict.Sound sound = assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
      assertEquals(repaired.spine(), sound.spine());
      long kept = lost.spine().sequence();
      assertEquals(kept == 0 ? 0 : kept + 1, sound.spine().sequence());
    } else {
      Oracle.assertHolds(home, damaged.acknowledged());
    }
    return verdict;
  }

  private static void flip(byte[] content, int at, int count, SplittableRandom random) {
    for (int i = at; i < Math.min(content.length, at + count); i++) {
      content[i] ^= (byte) (1 + random.nextInt(255));
    }
  }
}
