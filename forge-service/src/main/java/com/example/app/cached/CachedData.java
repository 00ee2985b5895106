// forge:file redis
package com.example.app.cached;

/** A value, and where it comes from. */
record CachedData(String data, String source) {
    static final String CACHE = "cache";
    static final String COMPUTED = "computed";
}
