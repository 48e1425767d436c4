/** Limits the network access of untrusted code, by a proxy that decides about each connection. */
@NullMarked
package dev.hearth.kit.egress;

import org.jspecify.annotations.NullMarked;
