package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  private static final GraphSpace SPACE = new GraphSpace(new Shape(3, 32, 32), 10);
  private static final Dna EVOLVED = Lineages.evolved(SPACE, 200, 7);

  @Test
  void genotype_comesBackEqual() {
    assertEquals(EVOLVED, SPACE.fromJson(SPACE.toJson(EVOLVED)));
  }

  @Test
  void network_comesBackEqual() {
    Network network = SPACE.express(EVOLVED);
    assertEquals(network, NetworkJson.read(NetworkJson.write(network)));
  }

  @Test
  void genotypeOfVersion1_isReadAsItWasWritten() {
    String written = "{\"version\":1,\"vertices\":["
        + "{\"id\":0,\"activation\":\"LINEAR\","
        + "\"inputsMutable\":false,\"outputsMutable\":true,\"propertiesMutable\":false},"
        + "{\"id\":1,\"activation\":\"LINEAR\","
        + "\"inputsMutable\":true,\"outputsMutable\":false,\"propertiesMutable\":false}],"
        + "\"edges\":[{\"id\":2,\"source\":0,\"target\":1,\"type\":\"IDENTITY\",\"depthFactor\":1.0,"
        + "\"filterHalfWidth\":0.0,\"filterHalfHeight\":0.0,\"strideScale\":0.0,\"depthPrecedence\":1.0,"
        + "\"scalePrecedence\":1.0}],\"learningRate\":0.1,\"weightDecay\":1.0E-4,\"nextId\":3}";
    Dna initial = SPACE.initial(Seeds.random(1));
    assertEquals(written, SPACE.toJson(initial));
    assertEquals(initial, SPACE.fromJson(written));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "\"version\":1 | \"version\":2 | version",
    "\"version\":1, | '' | version",
    "\"target\":1 | \"target\":9 | no vertex 9",
    "\"target\":1 | \"target\":\"1\" | target",
    "\"learningRate\":0.1 | \"learningRate\":-0.1 | learning rate",
    "\"learningRate\":0.1 | \"learningRate\":null | learningRate",
    "\"learningRate\":0.1, | '' | learningRate",
    "\"nextId\":3 | \"nextId\":3,\"colour\":1 | colour",
    "\"nextId\":3 | \"nextId\":2 | next id 2",
    "\"nextId\":3 | \"nextId\":2.5 | nextId",
    "IDENTITY | POOL | POOL",
    "\"edges\":[ | \"edges\":[null, | edges[0]",
    "\"edges\":[ | \"edges\":[[], | edges[0]",
    "\"nextId\":3} | \"nextId\":3}} | malformed",
    "\"nextId\":3} | \"nextId\":3 | malformed"
  })
  void genotypeThatIsNone_isRefusedInOneSentence(String sound, String bad, String named) {
    String json = SPACE.toJson(SPACE.initial(Seeds.random(1)));
    assertTrue(json.contains(sound), sound);
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> SPACE.fromJson(json.replace(sound, bad)));
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
    assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"'' | empty", "[] | array", "7 | number", "null | null"})
  void textThatIsNoObject_isRefused(String text, String named) {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> SPACE.fromJson(text)).getMessage().contains(named));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> NetworkJson.read(text)).getMessage().contains(named));
  }

  @Test
  void networkWhoseNodeReadsALaterOne_isRefused() {
    String json = NetworkJson.write(SPACE.express(SPACE.initial(Seeds.random(1))));
    String bad = json.replace("\"inputs\":[1]", "\"inputs\":[2]");
    Exception refused = assertThrows(IllegalArgumentException.class, () -> NetworkJson.read(bad));
    assertTrue(refused.getMessage().contains("node 2 reads node 2"), refused.getMessage());
  }
}
