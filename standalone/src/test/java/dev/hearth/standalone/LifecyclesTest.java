package dev.hearth.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.classreading.CachingMetadataReaderFactory;

/** Generates the lifecycle diagrams from the enums that define the legal moves. */
class LifecyclesTest {

  private static final Path PAGE = Path.of("../docs/reference/lifecycles.md");

  private static final String HEAD =
      """
      # Lifecycles

      Generated from the enums with `mayBecome`; `./hearth docs` renews it. A state without an arrow away from it is final.
      """;

  @Test
  void thePageIsUpToDate() throws Exception {
    var page = new StringBuilder(HEAD);
    for (var type : lifecycles()) {
      page.append(diagram(type));
    }

    if (Boolean.getBoolean("hearth.docs.renew")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/reference/lifecycles.md is stale; renew it with ./hearth docs")
        .isEqualTo(page.toString());
  }

  private static List<Class<?>> lifecycles() throws IOException {
    var files =
        new PathMatchingResourcePatternResolver().getResources("classpath*:dev/hearth/**/*.class");
    var readers = new CachingMetadataReaderFactory();
    return Arrays.stream(files)
        .map(file -> name(readers, file))
        .<Class<?>>map(LifecyclesTest::load)
        .filter(type -> type.isEnum() && move(type).findAny().isPresent())
        .sorted(Comparator.comparing(Class::getName))
        .toList();
  }

  private static String name(CachingMetadataReaderFactory readers, Resource file) {
    try {
      return readers.getMetadataReader(file).getClassMetadata().getClassName();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, LifecyclesTest.class.getClassLoader());
    } catch (ClassNotFoundException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static Stream<Method> move(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getName().equals("mayBecome"))
        .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {type}));
  }

  private static String diagram(Class<?> type) throws ReflectiveOperationException {
    var move = move(type).findAny().orElseThrow();
    move.setAccessible(true);
    var text =
        new StringBuilder(
            "\n## "
                + type.getName().substring(type.getPackageName().length() + 1).replace('$', '.')
                + " ("
                + type.getPackageName().substring("dev.hearth.".length())
                + ")"
                + "\n\n```mermaid\nstateDiagram-v2\n");
    var states = (Enum<?>[]) type.getEnumConstants();
    for (var from : states) {
      for (var to : states) {
        if (from != to && (boolean) move.invoke(from, to)) {
          text.append("  ").append(state(from)).append(" --> ").append(state(to)).append("\n");
        }
      }
    }
    return text.append("```\n").toString();
  }

  private static String state(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
