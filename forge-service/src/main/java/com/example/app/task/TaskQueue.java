// forge:file worker
package com.example.app.task;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import tools.jackson.databind.json.JsonMapper;

/** The queue of background tasks: the table {@code scheduled_tasks} in the service's own database. */
@Configuration(proxyBeanMethods = false)
class TaskQueue {
    /** Adds tasks and shows their state. A task that is added in a transaction is queued when that commits. */
    @Bean
    SchedulerClient tasks(DataSource database, List<Task<?>> tasks) {
        return SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(database), tasks)
                .serializer(new Json())
                .build();
    }

    /** The data of tasks as JSON, so that a newer version of the service can read what an older one queued. */
    static final class Json implements Serializer {
        private static final JsonMapper MAPPER = new JsonMapper();

        @Override
        public byte[] serialize(Object data) {
            return MAPPER.writeValueAsBytes(data);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] json) {
            return MAPPER.readValue(json, type);
        }
    }
}
