// forge:file worker
package com.example.app.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Service;

/** A sample of long work. Replace it with your own. */
@Service
class ReportWriter implements Reports {
    @Override
    public String report(String key) {
        return key + ", reported at " + Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
