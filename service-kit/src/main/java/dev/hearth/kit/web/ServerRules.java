package dev.hearth.kit.web;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;

/** Applies the rules for every HTTP server of the platform: strict HTTP/1.1, errors as problems. */
final class ServerRules {

  private ServerRules() {}

  static void apply(ConfigurableJettyWebServerFactory factory) {
    factory.addServerCustomizers(ServerRules::apply);
  }

  static void apply(Server server) {
    server.setErrorHandler(new ProblemErrorHandler());
    for (var connector : server.getConnectors()) {
      var http = connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
      // RFC 9112, but without support for lines that end in a bare LF.
      http.setHttpCompliance(HttpCompliance.STRICT);
      http.setSendServerVersion(false);
    }
  }
}
