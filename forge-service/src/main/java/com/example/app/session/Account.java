// forge:file redis
package com.example.app.session;

/** Somebody who may log in: the id of the profile, and the hash of the password. */
record Account(long userId, String passwordHash) {}
