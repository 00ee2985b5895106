// forge:file worker
package com.example.app.task;

/** Makes reports. */
interface Reports {
    /** Returns the report for one key. Slow, and blocks. */
    String report(String key);
}
