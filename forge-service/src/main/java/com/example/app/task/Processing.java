// forge:file worker
package com.example.app.task;

/** The work of a task. */
interface Processing {
    /** The result for one key. Takes long; blocks. */
    String process(String key);
}
