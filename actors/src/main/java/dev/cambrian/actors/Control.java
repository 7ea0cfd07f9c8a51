package dev.cambrian.actors;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What somebody may ask of an experiment while it runs. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Control.Set.class, name = "set"),
  @JsonSubTypes.Type(value = Control.ResetWeights.class, name = "reset-weights"),
  @JsonSubTypes.Type(value = Control.Pin.class, name = "pin"),
  @JsonSubTypes.Type(value = Control.PinNow.class, name = "pin-now"),
  @JsonSubTypes.Type(value = Control.Unpin.class, name = "unpin")
})
public sealed interface Control extends CborMessage {

  /** Another value of a setting, e.g. {@code "population"} and {@code "200"}; {@link ControlDecision} knows the keys. */
  record Set(String key, String value) implements Control {}

  /** All weights are given up, and everybody trains again from fresh ones (Real17, section 3.2). */
  record ResetWeights() implements Control {}

  /** Keep a moment: what its weights are is the asker's to find out, and that the store still has them. */
  record Pin(long event, List<String> weights) implements Control {
    public Pin {
      weights = List.copyOf(weights);
    }
  }

  /** Keep the moment that is the last one when this is decided. */
  record PinNow() implements Control {}

  /** Keep a moment no longer. */
  record Unpin(long event) implements Control {}
}
