create table user_profile (
    id bigint primary key,
    name varchar(100) not null,
    email varchar(200) not null
);

insert into user_profile (id, name, email) values
    (1, 'Ada Lovelace', 'ada@example.com'),
    (2, 'Alan Turing', 'alan@example.com'),
    (3, 'Grace Hopper', 'grace@example.com');
