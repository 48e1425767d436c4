package dev.hearth.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.Validation;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;

/** Binds settings records as a service does at its start: with defaults and validation. */
public final class BoundSettings {

  private BoundSettings() {}

  /**
   * Binds a record.
   *
   * @param values by their names below the record's prefix
   * @throws BindException if a value is refused
   */
  public static <T> T bind(Class<T> type, Map<String, String> values) {
    var prefix = type.getAnnotation(ConfigurationProperties.class).value();
    var all = new HashMap<String, String>();
    values.forEach((name, value) -> all.put(prefix + "." + name, value));
    try (var validators = Validation.buildDefaultValidatorFactory()) {
      var validation = new SpringValidatorAdapter(validators.getValidator());
      return new Binder(new MapConfigurationPropertySource(all))
          .bindOrCreate(prefix, Bindable.of(type), new ValidationBindHandler(validation));
    }
  }

  /** Asserts that a service with this value would not start. */
  public static void assertRefused(Class<?> type, String name, String value) {
    assertThatThrownBy(() -> bind(type, Map.of(name, value)))
        .as("%s = %s", name, value)
        .isInstanceOf(BindException.class);
  }
}
