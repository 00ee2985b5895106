-- forge:file worker
-- The queue. db-scheduler defines the columns.
create table scheduled_tasks (
    task_name varchar(100) not null,
    task_instance varchar(100) not null,
    task_data bytea,
    execution_time timestamp with time zone not null,
    picked boolean not null,
    picked_by varchar(100),
    last_success timestamp with time zone,
    last_failure timestamp with time zone,
    consecutive_failures int,
    last_heartbeat timestamp with time zone,
    version bigint not null,
    primary key (task_name, task_instance)
);

create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);

-- How tasks ended. The result is null if all attempts failed.
create table task_result (
    task_id uuid primary key,
    result varchar,
    finished_at timestamp with time zone not null
);

create index task_result_finished_at on task_result (finished_at);
