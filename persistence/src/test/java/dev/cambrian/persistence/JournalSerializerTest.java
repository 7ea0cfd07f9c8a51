package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class JournalSerializerTest {
  private final JournalSerializer serializer = new JournalSerializer();

  @Property
  void links_comeBackEqual(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 1) long before,
      @ForAll @Size(32) byte[] hash, @ForAll byte[] event) throws NotSerializableException {
    Link link = Link.after(new StreamHead(before, HexFormat.of().formatHex(hash)), event);
    assertEquals("L1", serializer.manifest(link));
    assertEquals(link, serializer.fromBinary(serializer.toBinary(link), "L1"));
  }

  @Test
  void snapshot_comesBackEqual() throws NotSerializableException {
    Snapshot snapshot = Snapshot.of("population", 3, Examples.SETTINGS);
    Object back = serializer.fromBinary(serializer.toBinary(snapshot), serializer.manifest(snapshot));
    assertEquals(snapshot, back);
    assertEquals(Examples.SETTINGS, ((Snapshot) back).read("population", 3, ExperimentSettings.class));
  }

  @Test
  void snapshotWithAnyByteFlippedOrCut_isRefused() {
    byte[] sealed = serializer.toBinary(Snapshot.of("population", 1, Map.of("alive", 24)));
    for (int i = 0; i < sealed.length; i++) {
      byte[] flipped = sealed.clone();
      flipped[i] ^= 0x10;
      byte[] cut = Arrays.copyOf(sealed, i);
      assertThrows(NotSerializableException.class, () -> serializer.fromBinary(flipped, "S1"));
      assertThrows(NotSerializableException.class, () -> serializer.fromBinary(cut, "S1"));
    }
  }

  @Test
  void snapshotOfAnotherVersionOrType_isNotRead() {
    Snapshot snapshot = Snapshot.of("population", 1, Map.of("alive", 24));
    assertThrows(IllegalArgumentException.class, () -> snapshot.read("population", 2, Map.class));
    assertThrows(IllegalArgumentException.class, () -> snapshot.read("worker", 1, Map.class));
  }

  @Test
  void unknownManifest_isNamed() {
    String message = assertThrows(
        NotSerializableException.class, () -> serializer.fromBinary(new byte[64], "L2")).getMessage();
    assertTrue(message.contains("'L2'"), message);
  }
}
