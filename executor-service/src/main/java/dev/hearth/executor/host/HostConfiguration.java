package dev.hearth.executor.host;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Provides the HTTP client for the UNIX sockets of hosts. */
@Configuration(proxyBeanMethods = false)
class HostConfiguration {

  @Bean(initMethod = "start", destroyMethod = "stop")
  HttpClient hostClient() {
    var connector = new ClientConnector();
    connector.setSelectors(1);
    var client = new HttpClient(new HttpClientTransportDynamic(connector));
    client.setExecutor(new VirtualThreadPool());
    client.setIdleTimeout(0);
    client.setMaxConnectionsPerDestination(256);
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    return client;
  }
}
