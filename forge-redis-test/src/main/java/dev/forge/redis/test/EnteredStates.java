package dev.forge.redis.test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The states that a server was put into, each with its way out. Not thread-safe: its {@link EmbeddedRedis} guards it. */
final class EnteredStates {
    private final Map<ServerState, Runnable> exits = new LinkedHashMap<>();

    void enter(ServerState state, EmbeddedRedis redis) {
        if (!exits.containsKey(state)) {
            exits.put(state, StateRecipes.enter(state, redis));
        }
    }

    /** The last one first, because its way out leads back to how it was when that was entered. */
    void leaveAll() {
        List<ServerState> entered = new ArrayList<>(exits.keySet());
        Collections.reverse(entered);
        entered.stream().map(exits::remove).forEach(Runnable::run);
    }
}
