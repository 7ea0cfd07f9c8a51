package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cambrian.model.mutation.AddSkip;
import dev.cambrian.model.mutation.RemoveSkip;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StructureTest {

  @Test
  void initialIndividual_hasNoConvolutionAndNoSkip() {
    Dna initial = Graphs.SPACE.initial(Seeds.random(1));
    assertEquals(new Structure(0.1, 1e-4, 0, 0, List.of()), Structure.of(initial));
  }

  @Test
  void skipOverConvolutions_isNamedByItsId_andMakesNothingDeeper() {
    assertEquals(new Structure(0.1, 1e-4, 2, 2, List.of(6)), Structure.of(Graphs.skipOverTwoConvolutions()));
  }

  @Test
  void deepestWay_counts_notTheBackbone() {
    Dna chain = Graphs.chain(3);
    assertEquals(3, Structure.of(chain).depth());
    List<Edge> edges = new java.util.ArrayList<>(chain.edges());
    edges.add(Edge.convolution(chain.nextId(), 0, 5, 0).withDepthFactor(2));
    Structure bridged = Structure.of(chain.withEdges(edges));
    assertEquals(3, bridged.depth());
    assertEquals(4, bridged.convolutions());
  }

  @Test
  void skip_keepsItsIdUntilItIsRemoved() {
    Dna parent = new AddSkip().apply(Graphs.chain(4), Seeds.random(3)).orElseThrow();
    int skip = Structure.of(parent).skips().get(0);
    Dna child = new AddSkip().apply(parent, Seeds.random(4)).orElseThrow();
    assertEquals(2, Structure.of(child).skips().size());
    assertEquals(skip, Structure.of(child).skips().get(0));
    Dna removed = new RemoveSkip().apply(parent, Seeds.random(5)).orElseThrow();
    assertEquals(List.of(), Structure.of(removed).skips());
  }

  @Test
  void json_isReadAsTheGenotypeItself() {
    Dna dna = Lineages.evolved(Graphs.SPACE, 40, 7);
    assertEquals(Optional.of(Structure.of(dna)), Structure.read(Graphs.SPACE.toJson(dna)));
  }

  @Test
  void whatIsNoGraph_hasNoStructure() {
    assertEquals(Optional.empty(), Structure.read("{\"bits\":\"0101\"}"));
    assertEquals(Optional.empty(), Structure.read("{}"));
  }
}
