package dev.forge.redis.spring.session;

import java.util.Collection;
import java.util.List;

/** Attribute types of a framework, whose values may hold values of the types that the application registers. */
interface BuiltInTypes {

    /**
     * Returns the types.
     *
     * @param registered the types of the application
     * @param attributes stores what a value holds, once it is complete
     */
    List<SessionAttributeType<?>> types(Collection<SessionAttributeType<?>> registered, SessionAttributes attributes);
}
