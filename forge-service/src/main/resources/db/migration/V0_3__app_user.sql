-- forge:file redis
-- Who may log in. The hash is of bcrypt.
create table app_user (
    name varchar(64) primary key,
    user_id bigint not null unique references user_profile (id),
    password_hash varchar(100) not null
);
