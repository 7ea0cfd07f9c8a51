package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class S3WeightStoreTest extends WeightStoreContract {
  private S3Server server;

  static S3WeightStore open(S3Server server, String bucket, String prefix, String secret) {
    return new S3WeightStore(
        new S3WeightStore.Place(bucket, prefix, Optional.of(server.endpoint()), S3Server.REGION, true),
        StaticCredentialsProvider.create(AwsBasicCredentials.create(S3Server.ACCESS_KEY, secret)));
  }

  static S3WeightStore open(S3Server server, String prefix) {
    return open(server, "weights", prefix, S3Server.SECRET_KEY);
  }

  @Override
  WeightStore open() throws Exception {
    server = new S3Server("weights");
    return open(server, "cambrian/one");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private S3Server.Stored stored(WeightsHash hash) {
    return server.objects.get("cambrian/one/" + hash.hex() + ".safetensors");
  }

  @Override
  void age(WeightsHash hash) {
    stored(hash).modified = Instant.now().minus(Duration.ofHours(1));
  }

  @Override
  void damage(WeightsHash hash) {
    stored(hash).bytes[9] ^= 4;
  }

  @Override
  void down() {
    server.stop();
  }

  @Override
  void up() throws Exception {
    server.start();
  }

  @Test
  void get_damagedOnTheWay_isFetchedAgain() throws Exception {
    WeightsHash hash = store.put(weights(1));
    server.flipping.set(1);
    assertEquals(weights(1), store.get(hash));
    server.flipping.set(2);
    assertThrows(WeightsMissing.class, () -> store.get(hash));
  }

  @Test
  void serviceThatAnswersWithAnError_isUnreachable() throws Exception {
    WeightsHash hash = store.put(weights(1));
    for (int status : new int[] {403, 500, 503}) {
      server.failing = status;
      assertThrows(StoreUnreachable.class, () -> store.get(hash));
      assertThrows(StoreUnreachable.class, () -> store.put(weights(2)));
      assertThrows(StoreUnreachable.class, () -> store.contains(hash));
      assertThrows(StoreUnreachable.class, () -> store.sweep(Set.of(), MINUTE));
    }
  }

  @Test
  void bucketThatIsNotThere_isNamed_andItsWeightsAreNotCalledMissing() throws Exception {
    try (S3WeightStore other = open(server, "wieghts", "cambrian/one", S3Server.SECRET_KEY)) {
      assertEquals(Optional.of("there is no bucket wieghts"), other.problem());
      assertThrows(StoreUnreachable.class, () -> other.get(UNKNOWN));
    }
    assertEquals(Optional.empty(), ((S3WeightStore) store).problem());
  }

  @Test
  void wrongSecret_isToldWithoutIt() throws Exception {
    try (S3WeightStore other = open(server, "weights", "cambrian/one", "another secret")) {
      String problem = other.problem().orElseThrow();
      assertTrue(problem.contains("credentials"), problem);
      String message = assertThrows(StoreUnreachable.class, () -> other.put(weights(1))).getMessage();
      assertTrue(message.contains("s3://weights/cambrian/one at " + server.endpoint()), message);
      assertFalse(message.contains("another secret") || message.contains(S3Server.ACCESS_KEY), message);
    }
  }

  @Test
  void twoPrefixesInOneBucket_neverSweepEachOther() throws Exception {
    try (S3WeightStore other = open(server, "cambrian/one-b")) {
      WeightsHash hash = putLongAgo(1);
      other.put(weights(1));
      assertEquals(Set.of(), other.sweep(Set.of(), MINUTE));
      assertEquals(Set.of(hash), store.sweep(Set.of(), MINUTE));
      assertEquals(weights(1), other.get(hash));
    }
  }

  @Test
  void share_withinTheService_copiesThere() throws Exception {
    WeightsHash hash = store.put(weights(1));
    try (S3WeightStore other = open(server, "cambrian/two")) {
      assertEquals(Set.of(UNKNOWN), store.share(List.of(hash, UNKNOWN), other));
      assertEquals(weights(1), other.get(hash));
    }
  }

  @Test
  @Timeout(60)
  void whoWaitsForAService_goesOnWhenItIsBack() throws Exception {
    WeightsHash hash = store.put(weights(1));
    down();
    PatientWeights patient = new PatientWeights(store, "a test");
    Thread later = new Thread(() -> {
      try {
        Thread.sleep(500);
        up();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
    later.start();
    assertEquals(weights(1), patient.get(hash));
    later.join();
    assertThrows(WeightsMissing.class, () -> patient.get(UNKNOWN));
  }
}
