package dev.cambrian.app;

import dev.cambrian.training.S3WeightStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/** The keys {@code cambrian.weights.*}, checked. */
final class WeightsConfiguration {
  private static final String WEIGHTS = "cambrian.weights.";
  private static final String S3 = WEIGHTS + "s3.";

  private WeightsConfiguration() {}

  static Configuration.Weights read(CheckedValues values, Path install) {
    String store = values.choice(WEIGHTS + "store", "folder", "s3", "peers");
    return new Configuration.Weights(
        store,
        path(values, WEIGHTS + "folder", install),
        place(values, store.equals("s3")),
        keys(values, install),
        path(values, WEIGHTS + "cache.folder", install),
        values.whole(WEIGHTS + "cache.size", 0, Integer.MAX_VALUE));
  }

  private static S3WeightStore.Place place(CheckedValues values, boolean used) {
    String bucket = values.words(S3 + "bucket");
    if (used && !bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
      throw values.wrong(S3 + "bucket", "the name of a bucket (3 to 63 small letters, digits, dots and dashes)");
    }
    String prefix = values.words(S3 + "prefix").replaceAll("^/+|/+$", "");
    if (!prefix.matches("[A-Za-z0-9._/-]*")) {
      throw values.wrong(S3 + "prefix", "letters, digits, '-', '_', '.' and '/'");
    }
    String region = values.words(S3 + "region");
    if (!region.matches("[a-z0-9-]+")) {
      throw values.wrong(S3 + "region", "a region, e.g. us-east-1");
    }
    return new S3WeightStore.Place(bucket, prefix, endpoint(values), region, values.flag(S3 + "path-style"));
  }

  private static Optional<URI> endpoint(CheckedValues values) {
    String endpoint = values.words(S3 + "endpoint");
    if (endpoint.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(endpoint);
      if (uri.getUserInfo() != null) {
        throw UserError.usage(values.place(S3 + "endpoint") + " must not have keys in it; put them into files.");
      }
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // Falls through to the one complaint.
    }
    throw values.wrong(S3 + "endpoint", "an address like https://storage.example.org:9000, or empty for Amazon's own");
  }

  private static Optional<S3WeightStore.KeyFiles> keys(CheckedValues values, Path install) {
    Optional<Path> access = path(values, S3 + "access-key-file", install);
    Optional<Path> secret = path(values, S3 + "secret-key-file", install);
    if (access.isPresent() != secret.isPresent()) {
      throw UserError.usage(values.place(S3 + (access.isPresent() ? "secret" : "access") + "-key-file")
          + " must be a file, as the other key has one; leave out both to take the keys from the environment.");
    }
    return access.map(file -> new S3WeightStore.KeyFiles(file, secret.get()));
  }

  private static Optional<Path> path(CheckedValues values, String key, Path install) {
    return values.words(key).isEmpty() ? Optional.empty() : Optional.of(values.path(key, install));
  }
}
