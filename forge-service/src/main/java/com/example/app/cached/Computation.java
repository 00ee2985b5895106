// forge:file redis
package com.example.app.cached;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Service;

/** A sample of work that is worth caching. Replace it with your own. */
@Service
class Computation {
    String expensive(String key) {
        return key + ", computed at " + Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
