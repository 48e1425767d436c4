/** Package indexes: tenants' logins, and downloads of files that locks name. */
@NullMarked
package dev.hearth.build.index;

import org.jspecify.annotations.NullMarked;
