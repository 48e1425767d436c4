package dev.hearth.kit.dispatch;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;

/** The request of a call, with a complete body. */
public record WholeRequest(String method, HttpFields headers, ByteBuffer body) {}
