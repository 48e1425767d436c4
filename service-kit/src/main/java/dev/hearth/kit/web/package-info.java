/** HTTP servers and proxies: strict parsing, problems, and the secret shared by services. */
@NullMarked
package dev.hearth.kit.web;

import org.jspecify.annotations.NullMarked;
