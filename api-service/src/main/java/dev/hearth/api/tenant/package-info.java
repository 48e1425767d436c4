/** Tenants and their API keys. */
@NullMarked
package dev.hearth.api.tenant;

import org.jspecify.annotations.NullMarked;
