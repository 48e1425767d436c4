/** Tenants' logins for package indexes. */
@NullMarked
package dev.hearth.build.index;

import org.jspecify.annotations.NullMarked;
