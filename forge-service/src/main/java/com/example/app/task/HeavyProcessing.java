// forge:file worker
package com.example.app.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Service;

/** A sample of long work. Replace it with your own. */
@Service
class HeavyProcessing implements Processing {
    @Override
    public String process(String key) {
        return key + ", processed at " + Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
