package dev.cambrian.persistence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One kind of event as the journal knows it: a name that outlives the class's, the class of today, and how the fields
 * of every earlier version become today's.
 *
 * @param name written with every event and never changed
 * @param type today's record
 * @param upcasters the first turns the fields of version 1 into those of version 2, and so on; today's version is one
 *     more than there are
 */
record EventType<E>(String name, Class<? extends E> type, List<UnaryOperator<ObjectNode>> upcasters) {

  EventType {
    upcasters = List.copyOf(upcasters);
  }

  /** A kind of event whose fields never changed. */
  static <E> EventType<E> first(String name, Class<? extends E> type) {
    return new EventType<>(name, type, List.of());
  }

  /** Today's version of the fields, from 1. */
  int version() {
    return upcasters.size() + 1;
  }

  /** Today's fields of an event that was written in an earlier version. */
  ObjectNode upcast(ObjectNode fields, int version) {
    ObjectNode current = fields;
    for (UnaryOperator<ObjectNode> upcaster : upcasters.subList(version - 1, upcasters.size())) {
      current = upcaster.apply(current);
    }
    return current;
  }
}
