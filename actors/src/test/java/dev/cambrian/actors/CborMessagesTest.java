package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.serialization.SerializationExtension;
import akka.serialization.jackson.JacksonCborSerializer;
import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.StreamHead;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CborMessagesTest {

  private static final ActorTestKit KIT = ActorTestKit.create("cbor", LocalConfig.inMemory());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static <T> ActorRef<T> ref(Class<T> type) {
    return KIT.createTestProbe(type).ref();
  }

  static List<CborMessage> messages() {
    Instant at = Instant.parse("2026-01-01T00:00:00.123456789Z");
    IndividualEvent.Conceived made = new IndividualEvent.Conceived(
        at, 7, OptionalLong.of(3), 1, List.of(MutationKind.ADD_SKIP), "{\"v\":1}", true, 40);
    IndividualEvent.Trained trained = new IndividualEvent.Trained(at, 2, 0.25, Experiments.hash(7), 1e12,
        List.of(new IndividualEvent.CurvePoint(10, 2.3, 0.1)), 1500, "local/cpu/0");
    IndividualEvent.Failed failed = new IndividualEvent.Failed(at, 2, "DIVERGED", "NaN", 0, "local/cpu/0");
    Biography biography = new Biography(7, 2, Optional.of(made), Optional.of(trained), Optional.empty(),
        List.of(trained), OptionalLong.of(12), new StreamHead(3, Experiments.hash(1)));
    WorkerProgress progress = new WorkerProgress("local/cpu/0", Optional.of(new WorkerProgress.Task(7, 2)),
        Optional.of(Experiments.hash(7)), 3, 10, 150, 2_000);
    PopulationState state = PopulationState.empty();
    Status status = new Status("run", Status.State.RUNNING, 9, 3, 1, 0, 2, 0,
        Optional.of(new Status.Best(1, 0.5, Experiments.hash(1), 40, OptionalDouble.of(0.4))), Double.NaN, 1e12, 3.5,
        60, 1200, 0.98, List.of(new Status.Training("local/cpu/0", 7, 2, 3, 10, 1.5)));
    NodeDescription description = new NodeDescription("local", "1.2.3", "run", Experiments.settings(1, 10),
        Set.of(NodeRole.WORKER, NodeRole.WEB), true, at);
    return List.of(
        biography, status, state, new StateDigest(12, Experiments.hash(3)),
        new IndividualCommand.Get(ref(Biography.class)),
        new IndividualCommand.Conceive(2, made, ref(Biography.class)),
        new IndividualCommand.Finish(trained, ref(Biography.class)),
        new IndividualCommand.Fail(failed, ref(Biography.class)),
        new IndividualCommand.Fence(3, ref(Biography.class)),
        new IndividualCommand.Reset(3, 12, ref(Biography.class)),
        new IndividualCommand.Kill(12, ref(Biography.class)),
        new PullReply.Assignment(7, 2, OptionalLong.of(3), -5, MutationSettings.paper(),
            new PopulationState.Terms(300, 50, true), 12),
        new PullReply.NoWork(100),
        new PullReply.Finished(12),
        new WorkerCommand.Work(ref(Done.class)),
        new WorkerCommand.Rest(ref(Done.class)),
        new WorkerCommand.Abandon(7, 2),
        new WorkerCommand.Stop(ref(Done.class)),
        WorkerCommand.Beat.INSTANCE,
        new WorkerCommand.Ended(1, true),
        new PopulationCommand.Open(ref(PopulationCommand.Opened.class)),
        new PopulationCommand.Pull("local/cpu/0", ref(PullReply.class)),
        new PopulationCommand.Report("local/cpu/0", biography, true, ref(PullReply.class)),
        new PopulationCommand.HandBack("local/cpu/0"),
        new PopulationCommand.NodeGone("local"),
        new NodeCommand.Admit(description, ref(NodeCommand.Admitted.class)),
        new NodeCommand.Admitted("a refusal"),
        new NodeCommand.Describe(ref(NodeReport.Node.class)),
        new NodeCommand.Depart(true, ref(Done.class)),
        new NodeReport.Node("local", List.of(new NodeReport.Device("cpu", 4)), true),
        new PopulationCommand.Heartbeat(progress, ref(WorkerCommand.class)),
        new PopulationCommand.GetStatus(ref(Status.class)),
        new PopulationCommand.GetDigest(ref(StateDigest.class)),
        new PopulationCommand.AwaitEnd(ref(Status.class)),
        new PopulationCommand.GetTest(7, ref(PopulationCommand.TestKept.class)),
        new PopulationCommand.RecordTest(7, 0.4, ref(PopulationCommand.TestKept.class)),
        new PopulationCommand.Collect(ref(PopulationCommand.Collected.class)),
        new PopulationCommand.Steer("id", new Control.Set("population", "200"), ref(ControlAnswer.class)),
        new PopulationCommand.Steer("", new Control.ResetWeights(), ref(ControlAnswer.class)),
        new PopulationCommand.Steer("", new Control.Pin(12, List.of(Experiments.hash(2))), ref(ControlAnswer.class)),
        new PopulationCommand.Steer("", new Control.PinNow(), ref(ControlAnswer.class)),
        new PopulationCommand.LookedFor(
            new PopulationCommand.Steer("", new Control.Pin(12, List.of()), ref(ControlAnswer.class)), 2),
        new PopulationCommand.Steer("", new Control.Unpin(12), ref(ControlAnswer.class)),
        new ControlAnswer(12, "a note", ""),
        new PopulationCommand.Pause(ref(Done.class)),
        new PopulationCommand.Unpause(ref(Done.class)),
        PopulationCommand.Tick.INSTANCE,
        new PopulationCommand.HeadWritten(12),
        new PopulationCommand.HeadFailed("no space"),
        new PopulationCommand.FenceAnswered(7, 2, Optional.of(biography)),
        new PopulationCommand.KillAnswered(7),
        new PopulationCommand.Swept(List.of(Experiments.hash(2)), 3, ""),
        new WeightPeer.Read(Experiments.hash(2), 1 << 20, 100, ref(WeightPeer.Part.class)),
        new WeightPeer.Keep(Experiments.hash(2), ref(WeightPeer.Command.class), ref(WeightPeer.Kept.class)),
        new WeightPeer.ListOld(60_000, Experiments.hash(2), ref(WeightPeer.Old.class)),
        new WeightPeer.Delete(List.of(Experiments.hash(2)), 60_000, ref(WeightPeer.Old.class)),
        new WeightPeer.Part(3, new byte[] {1, -1}, ""), new WeightPeer.Kept("a problem"),
        new WeightPeer.Old(List.of(Experiments.hash(2)), true, "a problem"),
        new PopulationCommand.Opened("a problem"),
        new PopulationCommand.TestKept(OptionalDouble.of(0.4)),
        new PopulationCommand.Collected(List.of(Experiments.hash(2)), ""));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessage_comesBackEqual_asCbor(CborMessage message) {
    assertTrue(SerializationExtension.get(KIT.system()).findSerializerFor(message) instanceof JacksonCborSerializer);
    assertEquals(message, KIT.serializationTestKit().verifySerialization(message, false));
  }

  @Test
  void everyKindOfMessage_isAmongThem() {
    Set<Class<?>> tested = messages().stream().map(Object::getClass).collect(Collectors.toSet());
    Set<Class<?>> all = Stream.of(
            PopulationCommand.class, IndividualCommand.class, WorkerCommand.class, PullReply.class,
            NodeCommand.class, WeightPeer.Command.class)
        .flatMap(family -> Stream.concat(
            Arrays.stream(family.getPermittedSubclasses()),
            Arrays.stream(family.getDeclaredClasses()).filter(CborMessage.class::isAssignableFrom)))
        .collect(Collectors.toSet());
    all.removeAll(tested);
    assertEquals(Set.of(), all);
  }
}
