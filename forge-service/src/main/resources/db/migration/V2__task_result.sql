-- forge:file worker
create table task_result (
    task_id uuid primary key,
    result varchar not null,
    finished_at timestamp with time zone not null
);

create index task_result_finished_at on task_result (finished_at);
