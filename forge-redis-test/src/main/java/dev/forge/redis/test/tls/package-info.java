/**
 * Certificates for tests: {@link dev.forge.redis.test.tls.TestCertificates} makes good and bad ones.
 */
@NullMarked
package dev.forge.redis.test.tls;

import org.jspecify.annotations.NullMarked;
