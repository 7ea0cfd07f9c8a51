package dev.cambrian.actors;

import java.util.Locale;

/** What a node does in its cluster; one may do all of it. */
public enum NodeRole {
  /** It hosts the population and the individuals, and opens the journal. */
  POPULATION,
  /** Its device slots pull and train. */
  WORKER,
  /** It answers over HTTP where {@code cambrian.http} says. */
  WEB;

  /** As it is written in the configuration and told to other nodes. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
