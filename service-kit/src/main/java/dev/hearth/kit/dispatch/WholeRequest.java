package dev.hearth.kit.dispatch;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;

/** The request of a call whose body is there as a whole. */
public record WholeRequest(String method, HttpFields headers, ByteBuffer body) {}
