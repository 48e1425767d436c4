/** Network access for untrusted code: a proxy that decides about each connection. */
@NullMarked
package dev.hearth.kit.egress;

import org.jspecify.annotations.NullMarked;
