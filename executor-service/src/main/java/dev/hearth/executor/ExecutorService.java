package dev.hearth.executor;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the executor-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class ExecutorService {

  /** The service, not started yet; {@code standalone} adds its own settings. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(ExecutorService.class)
        .properties("spring.config.name=executor-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
