package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DevicePoolTest {

  @Test
  void spread_slotsTakeTurnsOverDevices() {
    List<DeviceSlot> slots = DeviceSlot.spread("box", List.of("cuda:0", "cuda:1"), 5);
    assertEquals(List.of("box/cuda:0/0", "box/cuda:1/0", "box/cuda:0/1", "box/cuda:1/1", "box/cuda:0/2"),
        slots.stream().map(DeviceSlot::name).toList());
  }

  @Test
  void take_asManyAsThereArePlaces_thenOneWaits() throws Exception {
    DevicePool pool = new DevicePool("cpu", 2);
    assertFalse(pool.take());
    assertFalse(pool.take());
    CompletableFuture<Boolean> third = waiting(pool);
    Thread.sleep(50);
    assertFalse(third.isDone());
    pool.giveBack();
    assertFalse(third.get(10, TimeUnit.SECONDS));
  }

  @Test
  void giveUp_whereOthersTrain_onePlaceFewer_untilOneIsLeft_whichIsAlone() throws Exception {
    DevicePool pool = new DevicePool("cpu", 3);
    pool.take();
    pool.take();
    pool.take();
    pool.giveUp();
    pool.giveUp();
    assertEquals(1, pool.places());
    CompletableFuture<Boolean> next = waiting(pool);
    Thread.sleep(50);
    assertFalse(next.isDone(), "the third still trains");
    pool.giveUp();
    assertTrue(next.get(10, TimeUnit.SECONDS), "whoever trains now is alone");
    assertEquals(1, pool.places());
  }

  private static CompletableFuture<Boolean> waiting(DevicePool pool) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return pool.take();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }
}
