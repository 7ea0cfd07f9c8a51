package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A node as other nodes speak to it: it tells about itself, admits others where it hosts the population, and goes. */
final class NodeActor extends AbstractBehavior<NodeCommand> {

  /** Every node. */
  static final ServiceKey<NodeCommand> NODES = ServiceKey.create(NodeCommand.class, "nodes");

  /** The nodes that host the population and have been admitted themselves. */
  static final ServiceKey<NodeCommand> HOSTS = ServiceKey.create(NodeCommand.class, "population-hosts");

  private final Supplier<NodeDescription> description;
  private final Supplier<NodeReport.Node> report;
  private final Consumer<Boolean> departure;

  private NodeActor(ActorContext<NodeCommand> context, Supplier<NodeDescription> description,
      Supplier<NodeReport.Node> report, Consumer<Boolean> departure) {
    super(context);
    this.description = description;
    this.report = report;
    this.departure = departure;
  }

  /** @param departure is told that the node is to go, and whether it finishes first what it trains */
  static Behavior<NodeCommand> create(Supplier<NodeDescription> description, Supplier<NodeReport.Node> report,
      Consumer<Boolean> departure) {
    return Behaviors.setup(context -> new NodeActor(context, description, report, departure));
  }

  @Override
  public Receive<NodeCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(NodeCommand.Admit.class, this::onAdmit)
        .onMessage(NodeCommand.Describe.class, this::onDescribe)
        .onMessage(NodeCommand.Depart.class, this::onDepart)
        .build();
  }

  private Behavior<NodeCommand> onAdmit(NodeCommand.Admit admit) {
    NodeDescription host = description.get();
    String refusal = Admission.refusal(host, admit.node());
    String clocks = Admission.clocks(host, admit.node());
    if (!clocks.isEmpty()) {
      getContext().getLog().warn(clocks);
    }
    if (refusal.isEmpty()) {
      getContext().getLog().info("node {} takes part", admit.node().node());
    } else {
      getContext().getLog().warn(refusal);
    }
    admit.replyTo().tell(new NodeCommand.Admitted(refusal));
    return this;
  }

  private Behavior<NodeCommand> onDescribe(NodeCommand.Describe describe) {
    describe.replyTo().tell(report.get());
    return this;
  }

  private Behavior<NodeCommand> onDepart(NodeCommand.Depart depart) {
    departure.accept(depart.drain());
    depart.replyTo().tell(Done.getInstance());
    return this;
  }
}
