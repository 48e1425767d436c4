package dev.hearth.kit;

import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Adds the kit's beans to every service that has the kit on its class path. */
@AutoConfiguration(before = ErrorMvcAutoConfiguration.class) // Replaces Boot's error controller.
@Import({
  dev.hearth.kit.events.EventsConfiguration.class,
  dev.hearth.kit.transfer.TransferConfiguration.class,
  dev.hearth.kit.web.WebConfiguration.class
})
public class ServiceKitConfiguration {

  @Bean
  @ConditionalOnMissingBean
  InstantSource clock() {
    return InstantSource.system();
  }
}
