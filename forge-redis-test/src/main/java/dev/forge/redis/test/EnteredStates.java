package dev.forge.redis.test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The states of a server, each with the action that ends it. Not thread-safe: its {@link EmbeddedRedis} guards it. */
final class EnteredStates {
    private final Map<ServerState, Runnable> exits = new LinkedHashMap<>();

    void enter(ServerState state, EmbeddedRedis redis) {
        if (!exits.containsKey(state)) {
            exits.put(state, StateRecipes.enter(state, redis));
        }
    }

    /** The last one first, because its action restores the state of the server before it. */
    void leaveAll() {
        List<ServerState> entered = new ArrayList<>(exits.keySet());
        Collections.reverse(entered);
        entered.stream().map(exits::remove).forEach(Runnable::run);
    }
}
