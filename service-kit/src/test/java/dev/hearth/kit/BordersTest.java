package dev.hearth.kit;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Checks the borders between the packages of this module. */
class BordersTest {

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.hearth.kit");

    slices().matching("dev.hearth.kit.(**)").should().beFreeOfCycles().check(classes);
  }
}
