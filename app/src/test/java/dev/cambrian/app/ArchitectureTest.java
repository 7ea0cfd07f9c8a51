package dev.cambrian.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rooms and the arrows between them. */
class ArchitectureTest {
  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("dev.cambrian");
  }

  @Test
  void everyRoomIsLookedAt() {
    for (String room : List.of("model", "training", "persistence", "actors", "app")) {
      assertFalse(
          classes.that(com.tngtech.archunit.base.DescribedPredicate.describe(
              room, type -> type.getPackageName().startsWith("dev.cambrian." + room))).isEmpty(),
          room);
    }
  }

  @Test
  void roomsDependAsTheArrowsSay() {
    layeredArchitecture().consideringOnlyDependenciesInLayers()
        .layer("model").definedBy("dev.cambrian.model..")
        .layer("training").definedBy("dev.cambrian.training..")
        .layer("persistence").definedBy("dev.cambrian.persistence..")
        .layer("actors").definedBy("dev.cambrian.actors..")
        .layer("app").definedBy("dev.cambrian.app..")
        .whereLayer("app").mayNotBeAccessedByAnyLayer()
        .whereLayer("actors").mayOnlyBeAccessedByLayers("app")
        .whereLayer("persistence").mayOnlyBeAccessedByLayers("actors", "app")
        .whereLayer("training").mayOnlyBeAccessedByLayers("actors", "app")
        .whereLayer("model").mayOnlyBeAccessedByLayers("training", "persistence", "actors", "app")
        .check(classes);
  }

  @Test
  void whatEvolvesKnowsNeitherActorsNorTensors() {
    noClasses().that().resideInAPackage("dev.cambrian.model..")
        .should().dependOnClassesThat()
        .resideInAnyPackage("akka..", "scala..", "org.bytedeco..", "java.io..", "java.nio.file..", "java.time..")
        .check(classes);
  }

  @Test
  void trainingKnowsNoActors() {
    noClasses().that().resideInAPackage("dev.cambrian.training..")
        .should().dependOnClassesThat().resideInAnyPackage("akka..", "scala..")
        .check(classes);
  }

  @Test
  void onlyTrainingTouchesTensors() {
    noClasses().that().resideOutsideOfPackage("dev.cambrian.training..")
        .should().dependOnClassesThat().resideInAPackage("org.bytedeco..")
        .check(classes);
  }

  @Test
  void onlyPersistenceSpeaksSql_andOnlyTheHistorysTablesAreDuckDbs() {
    noClasses().that().resideOutsideOfPackage("dev.cambrian.persistence..")
        .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "org.postgresql..")
        .check(classes);
    noClasses().that().resideOutsideOfPackage("dev.cambrian.persistence.history..")
        .should().dependOnClassesThat().resideInAPackage("org.duckdb..")
        .check(classes);
    noClasses().that().resideInAPackage("dev.cambrian.persistence.history..")
        .should().dependOnClassesThat().resideInAnyPackage("akka..", "scala..")
        .check(classes);
  }

  @Test
  void nobodySerializesWithJava() {
    noClasses().should().dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectOutputStream")
        .check(classes);
  }

  @Test
  void roomsHaveNoCycles() {
    slices().matching("dev.cambrian.(*)..").should().beFreeOfCycles().check(classes);
  }
}
