/**
 * Caches in transactions of Spring: what a transaction changes takes effect after its commit, behind fences, and what it loads is
 * stored after it.
 *
 * <p>{@link dev.forge.redis.spring.cache.transaction.CacheTransactions} is the bean for applications. {@code TransactionChanges} holds
 * what one transaction changes, and {@link dev.forge.redis.spring.cache.transaction.TransactionalCache} is how a cache looks to it.
 */
@NullMarked
package dev.forge.redis.spring.cache.transaction;

import org.jspecify.annotations.NullMarked;
