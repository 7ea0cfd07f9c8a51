package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EventCodecPropertyTest {

  @Property(tries = 500)
  void spineEvents_comeBackEqual_asTheSameBytes(@ForAll("populationEvents") Object event) {
    byte[] bytes = EventCodec.encode(event);
    PopulationEvent back = EventCodec.decodePopulation(bytes);
    assertEquals(event, back);
    assertArrayEquals(bytes, EventCodec.encode(back));
  }

  @Property(tries = 500)
  void biographyEvents_comeBackEqual_asTheSameBytes(@ForAll("individualEvents") Object event) {
    byte[] bytes = EventCodec.encode(event);
    IndividualEvent back = EventCodec.decodeIndividual(bytes);
    assertEquals(event, back);
    assertArrayEquals(bytes, EventCodec.encode(back));
  }

  @Provide
  Arbitrary<Object> populationEvents() {
    return anyOf(PopulationEvent.class.getPermittedSubclasses());
  }

  @Provide
  Arbitrary<Object> individualEvents() {
    return anyOf(IndividualEvent.class.getPermittedSubclasses());
  }

  private static Arbitrary<Object> anyOf(Class<?>[] types) {
    return Arbitraries.of(types).flatMap(EventCodecPropertyTest::records);
  }

  /** Any record, component by component: a new event is tested without a change here. */
  private static Arbitrary<Object> records(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<Arbitrary<Object>> parts = Arrays.stream(components).map(c -> values(c.getGenericType())).toList();
    Class<?>[] signature = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return Combinators.combine(parts).as(arguments -> {
      try {
        var constructor = type.getDeclaredConstructor(signature);
        constructor.setAccessible(true);
        return constructor.newInstance(arguments.toArray());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(type + " from " + arguments, e);
      }
    });
  }

  private static Arbitrary<Object> values(Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      return values(list.getActualTypeArguments()[0]).list().ofMaxSize(5).asGeneric();
    }
    if (type == MutationSettings.class) {
      Arbitrary<Map<MutationKind, Double>> weights =
          Arbitraries.maps(Arbitraries.of(MutationKind.class), Arbitraries.doubles().between(0, 1e6))
              .filter(some -> some.size() < MutationKind.values().length
                  || some.values().stream().anyMatch(w -> w > 0));
      return Combinators.combine(Arbitraries.integers().between(1, 100), weights).as(MutationSettings::new);
    }
    if (type == StreamHead.class) {
      return Combinators.combine(
              Arbitraries.longs().greaterOrEqual(0),
              Arbitraries.strings().withChars("0123456789abcdef").ofLength(64))
          .as(StreamHead::new);
    }
    if (type == Instant.class) {
      return Combinators.combine(
              Arbitraries.longs().between(0, 4_000_000_000L), Arbitraries.integers().between(0, 999_999_999))
          .as((seconds, nanos) -> (Object) Instant.ofEpochSecond(seconds, nanos));
    }
    if (type == OptionalLong.class) {
      return Arbitraries.longs().injectNull(0.3).map(l -> l == null ? OptionalLong.empty() : OptionalLong.of(l));
    }
    if (type == double.class) {
      return Arbitraries.oneOf(
          Arbitraries.doubles().asGeneric(),
          Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE, 1.0).asGeneric());
    }
    if (type instanceof Class<?> plain && plain.isRecord()) {
      return records(plain);
    }
    return Arbitraries.defaultFor(net.jqwik.api.providers.TypeUsage.forType(type)).asGeneric();
  }
}
