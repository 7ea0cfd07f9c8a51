package dev.cambrian.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Weights in a bucket of S3 or of what speaks its protocol: one object each, {@code PREFIX/HASH.safetensors}. A write
 * is one request, so an object is there whole or not at all. Nothing is retried in here: a request that fails says so.
 */
public final class S3WeightStore implements WeightStore {
  private static final String ENDING = ".safetensors";
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration ANSWERING = Duration.ofSeconds(30);
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;

  private final Place place;
  private final S3Client client;

  /**
   * Where the objects are.
   *
   * @param prefix what their names begin with, without a slash at either end
   * @param endpoint the service; empty for Amazon's own of the region
   * @param pathStyle whether the bucket stands in the path, not in the host's name
   */
  public record Place(
      String bucket, String prefix, Optional<URI> endpoint, String region, boolean pathStyle) {
    @Override
    public String toString() {
      return "s3://" + bucket + "/" + prefix + endpoint.map(uri -> " at " + uri).orElse("");
    }
  }

  /**
   * Files with a key each, so that no key stands in a configuration or on a command line. They are read for every
   * request: a key that was replaced is used at once.
   */
  public record KeyFiles(Path access, Path secret) {}

  /**
   * The store at a place. Nothing is asked of it yet.
   *
   * @param keys empty for where Amazon's own programs look: the environment, {@code ~/.aws}, the machine's role
   */
  public S3WeightStore(Place place, Optional<KeyFiles> keys) {
    this(place, keys.<AwsCredentialsProvider>map(files -> () -> read(files))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build()));
  }

  S3WeightStore(Place place, AwsCredentialsProvider credentials) {
    this.place = place;
    S3ClientBuilder builder = S3Client.builder()
        .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECTING).socketTimeout(ANSWERING))
        .credentialsProvider(credentials)
        .region(Region.of(place.region()))
        .forcePathStyle(place.pathStyle())
        // What the protocol itself leaves optional not every service understands; our addresses are checksums.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
        .overrideConfiguration(client -> client.retryStrategy(AwsRetryStrategy.doNotRetry()));
    place.endpoint().ifPresent(builder::endpointOverride);
    this.client = builder.build();
  }

  private static AwsCredentials read(KeyFiles files) {
    return AwsBasicCredentials.create(key(files.access()), key(files.secret()));
  }

  private static String key(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw SdkClientException.create("the file " + file + " cannot be read", e);
    }
  }

  /**
   * Looks whether the bucket is there and open to us.
   *
   * @return why it is not, in half a sentence; empty where it is
   * @throws StoreUnreachable where nobody answered
   */
  public Optional<String> problem() throws StoreUnreachable {
    try {
      client.headBucket(request -> request.bucket(place.bucket()));
      return Optional.empty();
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        return Optional.of("there is no bucket " + place.bucket());
      }
      if (e.statusCode() == FORBIDDEN) {
        return Optional.of("the service refuses the credentials, or these may not use bucket " + place.bucket());
      }
      throw unreachable("look at the bucket", e);
    } catch (SdkException | UncheckedIOException e) {
      throw unreachable("look at the bucket", e);
    }
  }

  private String key(WeightsHash hash) {
    return place.prefix() + "/" + hash.hex() + ENDING;
  }

  /** The answer to a request; empty where the object is not there. A bucket that is not there says nothing on it. */
  private <R> Optional<R> ask(String what, Supplier<R> request) throws StoreUnreachable {
    try {
      return Optional.of(request.get());
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND && !(e instanceof NoSuchBucketException)) {
        return Optional.empty();
      }
      throw unreachable(what, e);
    } catch (SdkException | UncheckedIOException e) {
      throw unreachable(what, e);
    }
  }

  @Override
  public void write(WeightsHash hash, byte[] bytes) throws StoreUnreachable {
    ask("write the weights " + hash, () -> client.putObject(
        request -> request.bucket(place.bucket()).key(key(hash)), RequestBody.fromBytes(bytes)))
        .orElseThrow(() -> new StoreUnreachable(place + " did not take the weights " + hash + ": it answers 404"));
  }

  /** What comes over the wire damaged is asked for a second time. */
  @Override
  public byte[] read(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
    byte[] bytes = download(hash);
    if (!hash.matches(bytes)) {
      bytes = download(hash);
    }
    if (!hash.matches(bytes)) {
      throw new WeightsMissing("the weights " + hash + " in " + place
          + " are damaged: their bytes no longer match their name");
    }
    return bytes;
  }

  private byte[] download(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
    return ask("read the weights " + hash, () ->
        client.getObjectAsBytes(request -> request.bucket(place.bucket()).key(key(hash))))
        .orElseThrow(() -> new WeightsMissing("the weights " + hash + " are missing in " + place))
        .asByteArrayUnsafe();
  }

  @Override
  public boolean contains(WeightsHash hash) throws StoreUnreachable {
    return head(hash).isPresent();
  }

  private Optional<HeadObjectResponse> head(WeightsHash hash) throws StoreUnreachable {
    return ask("look for the weights " + hash, () ->
        client.headObject(request -> request.bucket(place.bucket()).key(key(hash))));
  }

  @Override
  public Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) throws StoreUnreachable {
    Set<WeightsHash> swept = new HashSet<>();
    for (WeightsHash hash : old(age)) {
      if (!kept.contains(hash) && deleteOlder(hash, age)) {
        swept.add(hash);
      }
    }
    return swept;
  }

  private List<WeightsHash> old(Duration age) throws StoreUnreachable {
    List<WeightsHash> old = new ArrayList<>();
    String token = null;
    do {
      ListObjectsV2Response page = page(token);
      Instant before = now(page.sdkHttpResponse()).minus(age);
      for (S3Object object : page.contents()) {
        String name = object.key().substring(place.prefix().length() + 1);
        if (name.matches("[0-9a-f]{64}" + ENDING) && object.lastModified().isBefore(before)) {
          old.add(new WeightsHash(name.substring(0, name.length() - ENDING.length())));
        }
      }
      token = page.nextContinuationToken();
    } while (token != null);
    return old;
  }

  private ListObjectsV2Response page(String token) throws StoreUnreachable {
    return ask("list the weights", () -> client.listObjectsV2(request ->
        request.bucket(place.bucket()).prefix(place.prefix() + "/").continuationToken(token)))
        .orElseThrow(() -> new StoreUnreachable(place + " did not list the weights: it answers 404"));
  }

  /** Looks once more before it deletes: the same weights, put again meanwhile, are young. */
  private boolean deleteOlder(WeightsHash hash, Duration age) throws StoreUnreachable {
    Optional<HeadObjectResponse> head = head(hash);
    if (head.isEmpty() || !head.get().lastModified().isBefore(now(head.get().sdkHttpResponse()).minus(age))) {
      return false;
    }
    return ask("delete the weights " + hash, () ->
        client.deleteObject(request -> request.bucket(place.bucket()).key(key(hash)))).isPresent();
  }

  /** By the service's own clock, which gives objects their times. */
  private Instant now(SdkHttpResponse answer) throws StoreUnreachable {
    try {
      return ZonedDateTime.parse(answer.firstMatchingHeader("Date").orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant();
    } catch (DateTimeException e) {
      throw new StoreUnreachable(place + " does not say what time it is, so nothing is deleted there", e);
    }
  }

  /** Within one service nothing goes over the wire: it copies by itself. */
  @Override
  public Set<WeightsHash> share(Collection<WeightsHash> hashes, WeightStore with) throws StoreUnreachable {
    if (!(with instanceof S3WeightStore other) || !place.endpoint().equals(other.place.endpoint())) {
      return WeightStore.super.share(hashes, with);
    }
    Set<WeightsHash> missing = new HashSet<>();
    for (WeightsHash hash : hashes) {
      if (ask("share the weights " + hash + " with " + other.place, () -> other.client.copyObject(request -> request
          .sourceBucket(place.bucket()).sourceKey(key(hash))
          .destinationBucket(other.place.bucket()).destinationKey(other.key(hash)))).isEmpty()) {
        missing.add(hash);
      }
    }
    return missing;
  }

  private StoreUnreachable unreachable(String what, RuntimeException e) {
    String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new StoreUnreachable(place + " did not " + what + ": " + first, e);
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
