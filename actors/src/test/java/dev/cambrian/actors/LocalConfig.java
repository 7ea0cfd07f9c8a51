package dev.cambrian.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** The node's configuration, for tests without a cluster or without files. */
final class LocalConfig {
  private LocalConfig() {}

  /** Serializers and dispatchers as in a node; nothing is kept on disk, and nobody else is there. */
  static Config inMemory() {
    return ConfigFactory.parseString("akka.actor.provider = local")
        .withFallback(LocalCluster.configuration())
        .resolve();
  }
}
