/** HTTP servers and proxies: strict parsing, problems, and the secret between services. */
@NullMarked
package dev.hearth.kit.web;

import org.jspecify.annotations.NullMarked;
