package io.cloister.bundle.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may use whom, as the design lists it. */
class PackageDirectionTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.cloister");

  @Test
  void everyPackageHasAPlaceInTheDesign() {
    Set<String> strangers = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (Layers.rank(type.getPackageName()) < 0) {
        strangers.add(type.getPackageName());
      }
    }
    assertThat(strangers).as("packages that no list in Layers names").isEmpty();
  }

  @Test
  void aPackageUsesOnlyPackagesAboveIt() {
    assertThat(
            uses(
                use ->
                    module(use.getOriginClass()).equals(module(use.getTargetClass()))
                        && Layers.rank(use.getOriginClass().getPackageName())
                            < Layers.rank(use.getTargetClass().getPackageName())))
        .as("uses of a package that is below the user in its module's list (Layers)")
        .isEmpty();
  }

  @Test
  void aModuleUsesOnlyTheModulesItMaySee() {
    assertThat(
            uses(
                use -> {
                  String user = module(use.getOriginClass());
                  String used = module(use.getTargetClass());
                  return !user.equals(used)
                      && !Layers.MODULES.getOrDefault(user, List.of()).contains(used);
                }))
        .as("uses of a module that the user must not see")
        .isEmpty();
  }

  @Test
  void onlyTheWorkerUsesTheInferenceEngine() {
    assertOnly("ai.onnxruntime.", "io.cloister.appliance.worker");
    assertOnly("ai.djl.", "io.cloister.appliance.text");
  }

  @Test
  void onlyAccessUsesHelidonSecurity() {
    assertOnly("io.helidon.security.", "io.cloister.appliance.access");
    assertOnly("io.helidon.webserver.security.", "io.cloister.appliance.access");
  }

  @Test
  void onlyTheConsoleUsesTheTerminal() {
    assertOnly("org.jline.", "io.cloister.installer.console");
  }

  @Test
  void onlyTheHostAndTheWorkerStartProcesses() {
    assertOnly(
        "java.lang.ProcessBuilder", "io.cloister.installer.host", "io.cloister.appliance.worker");
    assertThat(
            CLASSES.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().getName().equals("java.lang.Runtime"))
                .filter(call -> call.getName().equals("exec"))
                .map(Object::toString))
        .as("calls of Runtime.exec")
        .isEmpty();
  }

  @Test
  void nothingStaticChanges() {
    assertThat(
            CLASSES.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                .filter(field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))
                .map(JavaField::getFullName))
        .as("static fields that are not final")
        .isEmpty();
  }

  private static void assertOnly(String used, String... users) {
    assertThat(
            CLASSES.stream()
                .filter(type -> !type.getPackageName().startsWith("io.cloister.bundle"))
                .filter(type -> !List.of(users).contains(type.getPackageName()))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(use -> use.getTargetClass().getName().startsWith(used))
                .map(Dependency::getDescription))
        .as("uses of %s outside %s", used, List.of(users))
        .isEmpty();
  }

  /** Descriptions of the chosen uses of one class of ours by another. */
  private static Stream<String> uses(Predicate<Dependency> chosen) {
    return CLASSES.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(use -> use.getTargetClass().getPackageName().startsWith(Layers.BASE))
        .filter(use -> !use.getTargetClass().isArray())
        .filter(chosen)
        .map(Dependency::getDescription);
  }

  private static String module(JavaClass type) {
    return Layers.module(type.getPackageName());
  }
}
