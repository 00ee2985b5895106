// forge:file worker
package com.example.app.task;

/** The work of a task. */
interface Processing {
    /** Returns the result for one key. Slow, and blocks. */
    String process(String key);
}
