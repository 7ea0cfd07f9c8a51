package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.model.MutationKind;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.PopulationEvent;
import java.util.List;

/** Events as scripts read them: the objects of {@code replay --json}. */
final class EventJson {
  private EventJson() {}

  /** An event with its number, the words for it, and the mutations of the child that it assigns. */
  static ObjectNode of(long number, PopulationEvent event, String words, List<MutationKind> mutations) {
    ObjectNode node = told(number, event, words);
    ArrayNode kinds = node.putArray("mutations");
    mutations.forEach(kind -> kinds.add(kind.word()));
    node.set("fields", EventCodec.fields(event));
    return node;
  }

  /** An event with its number and the words for it. */
  static ObjectNode told(long number, PopulationEvent event, String words) {
    return Json.object()
        .put("event", number)
        .put("at", event.at().toString())
        .put("type", EventCodec.name(event))
        .put("text", words);
  }
}
