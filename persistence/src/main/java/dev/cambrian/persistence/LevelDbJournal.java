package dev.cambrian.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The journal of one machine: LevelDB's files in the experiment's home, the head file beside them. */
public record LevelDbJournal(ExperimentHome home) implements Journal {

  @Override
  public String place() {
    return home.journal().toString();
  }

  @Override
  public boolean begun() throws IOException {
    return !JournalFiles.empty(home.journal());
  }

  /** Only one machine, and one process of it, can have it. */
  @Override
  public Closeable hold(boolean withOthers) throws IOException {
    return HomeLock.take(home);
  }

  @Override
  public Config akkaConfig() {
    return ConfigFactory.parseMap(Map.of(
        "akka.persistence.journal.leveldb.dir", home.journal().toAbsolutePath().toString(),
        "akka.persistence.snapshot-store.local.dir", home.snapshots().toAbsolutePath().toString()));
  }

  @Override
  public AcknowledgedHead acknowledged() throws IOException {
    return HeadFile.open(home.head());
  }

  @Override
  public JournalVerdict check() throws IOException {
    return JournalCheck.check(home);
  }

  @Override
  public JournalReader read() throws IOException {
    return LevelDbReader.open(home);
  }

  @Override
  public StreamHead append(StreamHead decidedOn, List<? extends PopulationEvent> events) throws IOException {
    return JournalAppend.append(home, decidedOn, events);
  }

  @Override
  public StreamHead fork(long event, ExperimentHome fork, String experiment, List<? extends PopulationEvent> own)
      throws IOException {
    try (LevelDbReader parent = LevelDbReader.open(home)) {
      return JournalFork.write(home, parent, event, fork, experiment, own);
    }
  }
}
