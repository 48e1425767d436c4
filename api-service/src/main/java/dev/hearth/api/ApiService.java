package dev.hearth.api;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the api-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ApiService {

  /** Returns the application before its start; {@code standalone} adds its own settings. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(ApiService.class)
        .properties("spring.config.name=api-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
