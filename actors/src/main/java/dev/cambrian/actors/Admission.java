package dev.cambrian.actors;

import java.time.Duration;

/** Whether a node may take part: what the population's node decides about one that has joined the cluster. */
final class Admission {
  /** Clocks that are further apart are worth a note. */
  private static final Duration SAME_TIME = Duration.ofSeconds(5);

  private Admission() {}

  /**
   * Why a node may not take part, in one sentence that names the difference; empty where it may.
   *
   * @param host the node that hosts the population
   */
  static String refusal(NodeDescription host, NodeDescription other) {
    String differences = Mismatch.differences(host.settings(), other.settings());
    if (!series(host.version()).equals(series(other.version()))) {
      return refused(host, other, "that one runs Cambrian " + host.version() + " and this one " + other.version()
          + "; install the same version on both");
    } else if (!host.experiment().equals(other.experiment())) {
      return refused(host, other, "that one evolves the experiment " + host.experiment() + ", not "
          + other.experiment() + "; give this one its name, or other nodes to join");
    } else if (!differences.isEmpty()) {
      return refused(host, other, "that one has " + differences
          + "; start this one with the same application.conf, options and data");
    } else if (other.roles().contains(NodeRole.POPULATION) && !host.sharedJournal()) {
      return refused(host, other, "that one has the role population, and its LevelDB journal is for one node alone; "
          + "start this one with --role worker, or keep the journal in a database that nodes can share");
    }
    return "";
  }

  private static String refused(NodeDescription host, NodeDescription other, String why) {
    return "node " + other.node() + " is refused by node " + host.node() + ": " + why;
  }

  /** Versions that differ in their last number alone decide alike and read each other's messages. */
  private static String series(String version) {
    return version.replaceFirst("^(\\d+\\.\\d+)\\..*$", "$1");
  }

  /** A note where the clock of the other node goes differently; empty where it does not. Nothing depends on it. */
  static String clocks(NodeDescription host, NodeDescription other) {
    Duration ahead = Duration.between(host.now(), other.now());
    if (ahead.abs().compareTo(SAME_TIME) <= 0) {
      return "";
    }
    return "the clock of node " + other.node() + " is " + ahead.abs().toSeconds() + " s "
        + (ahead.isNegative() ? "behind" : "ahead of") + " that of node " + host.node()
        + ": leases do not care, but the times in biographies are by the clock of whoever trained";
  }
}
